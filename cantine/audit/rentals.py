"""Invariant 7 for rentals: who asked is forgotten in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bookings.models import RentalRequest

FORGETTING = timedelta(days=1)
"""How late the hourly look for requests to forget may be before the audit says so."""


def requesters_kept_too_long(now: datetime) -> Iterator[str]:
    """Nothing says who asked to rent for a day of long ago."""
    for pk in RentalRequest.objects.to_forget(now - FORGETTING).values_list("pk", flat=True):
        yield f"rental request {pk} still says who asked"
