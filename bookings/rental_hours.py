"""The hours of a rental as they are typed: an end in the small hours is one of the next morning."""

from datetime import date, time, timedelta, tzinfo

from bookings.period import Period, asked_at

SMALL_HOURS = time(6)
"""An end before the start, until then, is one of the next morning."""
LONGEST = timedelta(hours=20)


def typed_period(day: date, starts: time, ends: time, zone: tzinfo) -> Period:
    """The period meant, by the clocks of the site; raises `NoSuchTime` or `NotAPeriod`."""
    overnight = ends <= starts and ends <= SMALL_HOURS
    return Period(asked_at(day, starts, zone), asked_at(day + timedelta(days=overnight), ends, zone))
