"""The full hours of a room's day that are still free."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bookings.period import Period
from bookings.services.shown import Week, WeekDay


def free_hours(day: WeekDay, week: Week, *, now: datetime) -> Iterator[Period]:
    """Each full hour that is open, free and to come, on a day that may be booked; local periods."""
    if day.day > now.astimezone(week.site.zone).date() + timedelta(days=week.site.horizon_days):
        return
    for hour in range(week.first_hour, min(week.last_hour, 23)):
        start = datetime.combine(day.day, time(hour), tzinfo=week.site.zone)
        span = Period(start, start.replace(hour=hour + 1)) if is_usual_hour(start) else None
        if span is None or span.utc.start < now or any(span.overlaps(each.period) for each in day.blocks):
            continue
        if any(each.contains(span) for each in day.opening):
            yield span


def is_usual_hour(start: datetime) -> bool:
    """Whether an hour begins and ends with the clocks going on as usual."""
    return start.utcoffset() == (start + timedelta(hours=1)).utcoffset()
