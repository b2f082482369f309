"""The month of a rentable space, and one of its days: what is free; one query beside the premises."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bookings.models import Space
from bookings.period import Period, at, merged
from bookings.services.availability.taken import Taken, by_atom, over, taken_in
from bookings.services.rules import Rules, atoms_of

DayState = Literal["past", "closed", "free", "partly", "taken", "out"]
MONTHS_AHEAD = 18


@dataclass(frozen=True)
class FreeDay:
    """A day of the grid; `out` is one of another month."""

    day: date
    state: DayState
    is_today: bool

    @property
    def may_be_asked(self) -> bool:
        """Whether there is something left to ask for; on a closed day the house decides."""
        return self.state in {"free", "partly", "closed"}


@dataclass(frozen=True)
class FreeMonth:
    """A month as weeks; `before` and `after` are None where nothing is to be asked for."""

    first: date
    weeks: list[list[FreeDay]]
    before: date | None
    after: date | None


def month_of(word: str, today: date) -> date:
    """The first day of the month an address asks for ("2026-12"), brought back to those that are shown."""
    this, last = today.replace(day=1), _ahead(today.replace(day=1), MONTHS_AHEAD)
    try:
        year, month = (int(part) for part in word.split("-", 1))
        return min(max(date(year, month, 1), this), last)
    except (ValueError, OverflowError):
        return this


def _ahead(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def free_month(rules: Rules, space: Space, first: date, *, now: datetime) -> FreeMonth:
    """Each day of a month, free or not, as the hours and the bookings of `space` say."""
    today = now.astimezone(rules.zone).date()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    shown = Period(
        at(weeks[0][0], time(0), rules.zone),
        at(weeks[-1][-1] + timedelta(days=2), time(0), rules.zone),
    )
    atoms = set(atoms_of(space))
    rows = [row for row in taken_in(shown, site=rules.site, user=None, now=now) if row.atom_id in atoms]
    grid = [
        [
            FreeDay(
                day,
                state_of(rules, space, day, rows, today) if day.month == first.month else "out",
                day == today,
            )
            for day in week
        ]
        for week in weeks
    ]
    this = today.replace(day=1)
    return FreeMonth(
        first,
        grid,
        before=_ahead(first, -1) if first > this else None,
        after=_ahead(first, 1) if first < _ahead(this, MONTHS_AHEAD) else None,
    )


@dataclass(frozen=True)
class DayHours:
    """What of a day is free in a space, and what is taken, by the clocks of the site."""

    free: list[Period]
    taken: list[Period]


def hours_of_day(rules: Rules, space: Space, day: date, *, now: datetime) -> DayHours:
    """The hours of one day in one space, whoever took them; what is over is not free any more.

    An evening that is open past midnight belongs to its day to the end.
    """
    zone, open_hours = rules.zone, rules.opening(day, space).periods
    midnight = at(day + timedelta(days=1), time(0), zone)
    whole = Period(at(day, time(0), zone), max([midnight, *(each.end for each in open_hours)]))
    rows = over(space, whole, by_atom(taken_in(whole, site=rules.site, user=None, now=now)))
    taken = merged(row.period for row in rows)
    gone = [Period(whole.start, now)] if now > whole.start else []
    free = [left for period in open_hours for left in period.minus([*taken, *gone])]
    within = [Period(max(each.start, whole.start), min(each.end, whole.end)) for each in taken]
    return DayHours([each.local(zone) for each in free], [each.local(zone) for each in within])


def state_of(rules: Rules, space: Space, day: date, rows: Sequence[Taken], today: date) -> DayState:
    """What is left of a day."""
    if day < today:
        return "past"
    open_hours = rules.opening(day, space).periods
    if not open_hours:
        return "closed"
    taken = [row.period for row in rows]
    left = [free for period in open_hours for free in period.minus(taken)]
    if not left:
        return "taken"
    return "free" if left == open_hours else "partly"
