"""Figures, one file a family; each is defined where it is shown, and read from rows that can be listed."""
