"""Which days, months and years a till closes: a local midnight to the next, whatever the clocks do. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period to close: its days, both included, and its instants, from `starts_at` to before `ends_at`."""

    first_day: dt.date
    last_day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The instant at which `day` begins in `zone`."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def days(first: dt.date, until: dt.date, zone: ZoneInfo, begins: dt.datetime | None = None) -> Iterator[Span]:
    """Each day from `first` to before `until`, the first from `begins` on: where the day before it ended.

    Days touch even where a seller moved to another zone in between: nothing falls in between or twice.
    """
    start, day = begins or midnight(first, zone), first
    while day < until:
        end = max(midnight(day + DAY, zone), start + dt.timedelta(microseconds=1))
        yield Span(day, day, start, end)
        start, day = end, day + DAY


def end_of_month(day: dt.date) -> dt.date:
    """The last day of its month."""
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - DAY


def end_of_year(day: dt.date) -> dt.date:
    """The last day of its year."""
    return day.replace(month=12, day=31)
