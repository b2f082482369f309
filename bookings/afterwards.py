"""The morning after something took place: when one is thanked, and how late that still makes sense."""

from datetime import datetime, time, timedelta, tzinfo

from bookings.period import at

THANKS_AT = time(9)
TOO_LATE = timedelta(days=14)
"""A word that comes later than that is no longer one of thanks."""


def morning_after(end: datetime, zone: tzinfo) -> datetime:
    """The morning after the day on which something ended, by the site's clocks."""
    return at(end.astimezone(zone).date() + timedelta(days=1), THANKS_AT, zone)
