"""Half-open periods of time, and local clock times that may not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.errors import NoSuchTime, NotAPeriod

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, order=True)
class Period:
    """`[start, end)`, aware datetimes; zero length and backwards are refused."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("A period is made of aware datetimes.")
        # Between two instants of one zone Python compares clock times, wrong on the night the clocks go back.
        if self.start.astimezone(UTC) >= self.end.astimezone(UTC):
            raise NotAPeriod

    @classmethod
    def of(cls, during: "DateTimeTZRange") -> "Period":
        """The period of a range as the database gives it."""
        return cls(during.lower, during.upper)

    @property
    def range(self) -> "DateTimeTZRange":
        """What the database stores."""
        return DateTimeTZRange(self.start, self.end, "[)")

    @property
    def length(self) -> timedelta:
        """How long it really lasts, whatever the clocks do."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    @property
    def hours(self) -> float:
        """Its length in hours, for drawing only."""
        return self.length / timedelta(hours=1)

    def overlaps(self, other: "Period") -> bool:
        """Whether they share an instant."""
        return self.utc.start < other.utc.end and other.utc.start < self.utc.end

    def contains(self, other: "Period") -> bool:
        """Whether `other` lies within."""
        return self.utc.start <= other.utc.start and other.utc.end <= self.utc.end

    @property
    def utc(self) -> "Period":
        """The same period told in UTC."""
        return Period(self.start.astimezone(UTC), self.end.astimezone(UTC)) if not self._is_utc else self

    @property
    def _is_utc(self) -> bool:
        return self.start.tzinfo is UTC and self.end.tzinfo is UTC

    def local(self, zone: tzinfo) -> "Period":
        """The same period as the clocks of `zone` show it."""
        return Period(self.start.astimezone(zone), self.end.astimezone(zone))

    def minus(self, taken: Iterable["Period"]) -> list["Period"]:
        """What is left of it once `taken` is gone, in order."""
        left, start = [], self.utc.start
        for other in sorted(each.utc for each in taken if each.overlaps(self)):
            if start < other.start:
                left.append(Period(start, other.start))
            start = max(start, other.end)
        if start < self.utc.end:
            left.append(Period(start, self.utc.end))
        return left


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time in as few periods as can be, in order; what touches becomes one."""
    found: list[Period] = []
    for period in sorted(each.utc for each in periods):
        if found and period.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        else:
            found.append(period)
    return found


def exists(local: datetime) -> bool:
    """Whether the clocks of its zone ever show this time (not while they go forward)."""
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def at(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (UTC) of a rule's local time: a skipped one moves on, one that comes twice is the first."""
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=0).astimezone(UTC)


def asked_at(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (UTC) of a local time someone asked for; raises NoSuchTime when the clocks skip it."""
    local = datetime.combine(day, clock, tzinfo=zone).replace(fold=0)
    if not exists(local):
        raise NoSuchTime
    return local.astimezone(UTC)
