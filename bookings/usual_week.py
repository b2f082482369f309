"""The hours of an ordinary week, in words: « lundi – vendredi : 9 h – 18 h ». Values only, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from bookings.opening import HoursRow

Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Days:
    """Weekdays in a row (0 is Monday) that have the same hours; none: closed."""

    first: int
    last: int
    hours: Hours


def usual_week(rows: Iterable[HoursRow], day: date) -> list[Days]:
    """The site's week as its rows say on `day`, alike days together; closures and holidays are not in it."""
    valid = [row for row in rows if row.space_id is None and row.is_valid_on(day)]
    week = [_hours(row for row in valid if row.weekday == weekday) for weekday in range(7)]
    alike = [list(days) for _same, days in groupby(range(7), key=week.__getitem__)]
    return [Days(days[0], days[-1], week[days[0]]) for days in alike]


def _hours(rows: Iterable[HoursRow]) -> Hours:
    """From when to when, in order; morning and afternoon are one where they touch."""
    found: list[tuple[time, time]] = []
    for opens, closes in sorted((row.opens, row.closes) for row in rows):
        if found and found[-1][1] == opens:
            found[-1] = (found[-1][0], closes)
        else:
            found.append((opens, closes))
    return tuple(found)
