"""The address « / »: what the place is for a visitor, today for someone who comes here."""
