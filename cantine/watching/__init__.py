"""What whoever watches over the place sees: figures, what waits, who asked for what, errors."""
