"""How long a consumer may go back on an order made online (Code de la consommation, L221-18 and L221-19)."""

from datetime import date, timedelta
from functools import cache

import holidays

PERIOD = timedelta(days=14)
SATURDAY = 5


def last_day(ordered_on: date) -> date:
    """The last day of the fourteen; one that is no working day moves to the next that is."""
    day = ordered_on + PERIOD
    while day.weekday() >= SATURDAY or day in _holidays(day.year):
        day += timedelta(days=1)
    return day


def starts_before_the_end(supplied_on: date, *, ordered_on: date) -> bool:
    """Whether a service of that day begins while the order may still be withdrawn."""
    return supplied_on <= last_day(ordered_on)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
