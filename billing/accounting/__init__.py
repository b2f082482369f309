"""The accounts: entries derived from documents and movements of money, and what is read from them.

Nothing is stored: an entry always says what its document or its movement says.
"""
