"""Months and quarters, by their first day."""

from collections.abc import Iterator
from datetime import date, timedelta


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months(first: date, last: date) -> list[date]:
    """The first day of each month that both days, and those between them, lie in."""
    found = [month_of(first)]
    while (following := next_month(found[-1])) <= last:
        found.append(following)
    return found


def year_before(day: date) -> date:
    """The same day a year before; the 29th of February's is the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def quarters(first: date, last: date) -> list[date]:
    """The first day of each quarter from one day's to the other's."""
    return sorted({quarter_of(month) for month in months(first, last)})


def quarters_after(first: date, later: date) -> int:
    """How many quarters later the second day's quarter is."""
    return (later.year - first.year) * 4 + (later.month - 1) // 3 - (first.month - 1) // 3


def days(first: date, last: date) -> Iterator[date]:
    """Every day of a period."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
