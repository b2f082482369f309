"""The manager's desk: Django's admin at /gestion/, and the pages of our own that stand in it."""
