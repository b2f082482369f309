"""When a place is open: rows become periods of a day. Calculation on values, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo
from functools import cached_property, lru_cache

import holidays

from bookings.period import Period, at, merged

MORNING, AFTERNOON, DAY = "morning", "afternoon", "day"
HALVES = (MORNING, AFTERNOON, DAY)


@dataclass(frozen=True)
class HoursRow:
    """Open each such weekday; `closes` not after `opens` means the next day."""

    weekday: int
    opens: time
    closes: time
    half: str = ""
    space_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it counts on this day, whichever weekday that is."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def period_on(self, day: date, zone: tzinfo) -> Period | None:
        """What it opens, in UTC; nothing if the clocks leave nothing of it."""
        next_day = day + timedelta(days=1) if self.closes <= self.opens else day
        start, end = at(day, self.opens, zone), at(next_day, self.closes, zone)
        return Period(start, end) if start < end else None


@dataclass(frozen=True)
class ClosureRow:
    """A closure of the site (`space_id` None) or of one space."""

    period: Period
    reason: str = ""
    space_id: int | None = None


@dataclass(frozen=True)
class Opening:
    """One local day of a site or space, in UTC. `hours`: what the rows say; `closures`: what is shut anyway.

    `reason` says why a day without hours is closed, when there is more to say than "closed".
    """

    day: date
    hours: tuple[Period, ...] = ()
    morning_hours: Period | None = None
    afternoon_hours: Period | None = None
    closures: tuple[ClosureRow, ...] = ()
    reason: str = ""

    @cached_property
    def whole(self) -> Period | None:
        """From the first opening to the last, lunch included."""
        if not self.hours:
            return None
        return Period(self.hours[0].start, max(each.end for each in self.hours))

    @property
    def periods(self) -> list[Period]:
        """What is really open, in order; morning and afternoon are one where they touch."""
        shut = [row.period for row in self.closures]
        return [left for each in merged(self.hours) for left in each.minus(shut)]

    @cached_property
    def is_open(self) -> bool:
        """Whether anything is open that day."""
        return bool(self.periods)

    @property
    def halves(self) -> tuple[Period | None, Period | None]:
        """Morning and afternoon as the rows say."""
        return self.morning_hours, self.afternoon_hours

    def half(self, name: str) -> Period | None:
        """The period of "morning", "afternoon" or "day"; None when it is not open from end to end."""
        hours = {MORNING: self.morning_hours, AFTERNOON: self.afternoon_hours, DAY: self.whole}.get(name)
        return hours if hours is not None and self.closure_over(hours) is None else None

    def half_of(self, period: Period) -> str | None:
        """Which half-day, or the day, `period` is exactly."""
        return next((name for name in HALVES if self.half(name) == period.utc), None)

    def closure_over(self, period: Period) -> ClosureRow | None:
        """The first closure that touches `period`."""
        return next((row for row in self.closures if row.period.overlaps(period)), None)

    def allows(self, period: Period) -> bool:
        """Whether `period` begins and ends while open, and no closure touches it; it may span lunch."""
        asked = period.utc
        begins = any(each.start <= asked.start < each.end for each in self.hours)
        ends = any(each.start < asked.end <= each.end for each in self.hours)
        return begins and ends and self.closure_over(asked) is None


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Public holidays of a year: by the library that follows French law (Alsace has two more)."""
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language=_tongue(country)
    )
    return dict(found.items())


def _tongue(country: str) -> str | None:
    return "fr" if country == "FR" else None


def holiday(day: date, country: str = "FR", subdivision: str = "") -> str:
    """The name of the public holiday, or nothing."""
    try:
        return _holidays(country, subdivision, day.year).get(day, "")
    except NotImplementedError:  # a country or part the library does not know has no holidays
        return ""


def opening_on(
    day: date,
    *,
    zone: tzinfo,
    rows: Iterable[HoursRow],
    closures: Iterable[ClosureRow] = (),
    space_id: int | None = None,
    atoms: Sequence[int] = (),
    holidays_open: bool = False,
    country: str = "FR",
    subdivision: str = "",
) -> Opening:
    """Work out one local day of a space, or of the site when `space_id` is None.

    A space with rows of its own that day goes by them alone; closures of the site, the space and
    its `atoms` count.
    """
    name = "" if holidays_open else holiday(day, country, subdivision)
    if name:
        return Opening(day, reason=name)
    valid = [row for row in rows if row.is_valid_on(day)]
    own = [row for row in valid if row.space_id == space_id] if space_id is not None else []
    said = own or [row for row in valid if row.space_id is None]
    held = [row for row in said if row.weekday == day.weekday()]
    found = sorted((period, row.half) for row in held if (period := row.period_on(day, zone)) is not None)
    hours = tuple(period for period, _half in found)
    if not hours:
        return Opening(day)
    whole = Period(hours[0].start, max(each.end for each in hours))
    mine = {None, space_id, *atoms}
    shut = tuple(row for row in closures if row.space_id in mine and row.period.overlaps(whole))
    by_half = {half: period for period, half in reversed(found)}
    reason = shut[0].reason if shut else ""
    return Opening(day, hours, by_half.get(MORNING), by_half.get(AFTERNOON), shut, reason)
