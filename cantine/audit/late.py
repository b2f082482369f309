"""From when on what is due counts as left undone."""

from datetime import timedelta

LATE = timedelta(minutes=30)
