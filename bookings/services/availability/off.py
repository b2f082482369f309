"""Why a whole day cannot be booked, and the nearest one that can."""

from datetime import date, datetime, timedelta

from bookings.models import Space
from bookings.services.rules import Rules
from bookings.services.shown import DayOff, WhyOff

SEARCHED = 14
"""How many days are looked at for an open one."""


def day_off(
    *, rules: Rules, day: date, now: datetime, is_open: bool, reason: str = "", space: Space | None = None
) -> DayOff | None:
    """Say why `day` cannot be booked; None if it can. `is_open` and `reason` are what its hours say."""
    today = now.astimezone(rules.zone).date()
    last = today + timedelta(days=rules.site.horizon_days)
    why, start, step = why_off(day, today, last, is_open=is_open)
    if not why:
        return None
    days = [start + timedelta(days=step * offset) for offset in range(SEARCHED)]
    ahead = (each for each in days if today <= each <= last)
    nearest = next((each for each in ahead if rules.opening(each, space).is_open), None)
    return DayOff(why, day, last, reason if why == "closed" else "", nearest)


def why_off(day: date, today: date, last: date, *, is_open: bool) -> tuple[WhyOff, date, int]:
    """The word, and from which day on, in which direction, another one is looked for."""
    if day < today:
        return "past", today, 1
    if day > last:
        return "far", last, -1
    return ("", day, 1) if is_open else ("closed", day + timedelta(days=1), 1)
