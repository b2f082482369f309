"""Months, as their first days: which ones, how far apart. Pure."""

from datetime import date, timedelta

YEAR = 12


def month_of(day: date) -> date:
    """The month of a day."""
    return day.replace(day=1)


def shift(month: date, number: int) -> date:
    """The month so many months later, or earlier."""
    rank = month.year * YEAR + month.month - 1 + number
    return date(rank // YEAR, rank % YEAR + 1, 1)


def apart(first: date, last: date) -> int:
    """How many months from one to another."""
    return (last.year - first.year) * YEAR + last.month - first.month


def between(first: date, last: date) -> list[date]:
    """The months from one to another, both included."""
    return [shift(first, number) for number in range(apart(first, last) + 1)]


def last_day(month: date) -> date:
    """The last day of a month."""
    return shift(month, 1) - timedelta(days=1)


def months_before(today: date, number: int = YEAR) -> list[date]:
    """The last months, this one included, the oldest first."""
    return between(shift(month_of(today), 1 - number), month_of(today))
