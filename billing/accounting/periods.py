"""Fiscal years, and the period that is looked at. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def months(self) -> Iterator[dt.date]:
        """The first day of each month it touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = month_after(month)


def month_after(day: dt.date) -> dt.date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def month_of(day: dt.date) -> Period:
    """The month of a day."""
    return Period(day.replace(day=1), month_after(day) - ONE_DAY)


def fiscal_year(day: dt.date, starts_in: int) -> Period:
    """The fiscal year of a day, for one that begins in the month `starts_in` (1 to 12)."""
    year = day.year if day.month >= starts_in else day.year - 1
    return Period(dt.date(year, starts_in, 1), dt.date(year + 1, starts_in, 1) - ONE_DAY)


def years_of(period: Period, starts_in: int) -> Iterator[Period]:
    """The fiscal years that a period touches, the first one first."""
    year = fiscal_year(period.first, starts_in)
    while year.first <= period.last:
        yield year
        year = fiscal_year(year.last + ONE_DAY, starts_in)
