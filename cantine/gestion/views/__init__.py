"""Pages of our own in /gestion/: each asks a service, and shows what it answers."""
