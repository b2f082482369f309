"""How full the place is: hours taken of a hundred that were offered.

Taken are the occupancies of confirmed bookings (members, events, rentals), never closures; only the part that
falls within opening hours, so that a rate never passes a hundred and a lunch break dilutes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from django.db import connection

from bookings.models import Site, Space
from cantine.pilotage.figures.months import month_of
from cantine.pilotage.figures.opened import NOTHING, opened
from cantine.pilotage.figures.taken import HOURS, MONTHS, parameters

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that were taken, of those that were offered."""

    taken: timedelta = NOTHING
    offered: timedelta = NOTHING

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.taken + other.taken, self.offered + other.offered)

    @property
    def percent(self) -> int | None:
        """Of a hundred hours offered, how many were taken; None where nothing was offered."""
        return round(100 * (self.taken / self.offered)) if self.offered else None

    @property
    def taken_hours(self) -> int:
        """Whole hours taken."""
        return round(self.taken / timedelta(hours=1))

    @property
    def offered_hours(self) -> int:
        """Whole hours offered."""
        return round(self.offered / timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Used:
    """The hours of one desk or room in one month."""

    space: Space
    month: date
    hours: Hours


@dataclass(frozen=True)
class Rate:
    """How full some sites were over a period, to be added up by whatever is asked."""

    rows: Sequence[Used] = ()

    @property
    def hours(self) -> Hours:
        """All of it."""
        return sum((row.hours for row in self.rows), Hours())

    @property
    def percent(self) -> int | None:
        """Of a hundred hours offered, how many were taken."""
        return self.hours.percent

    def of(self, first: date, last: date) -> "Rate":
        """The part of it in the months from one to another."""
        return Rate([row for row in self.rows if month_of(first) <= row.month <= last])

    def of_kind(self, kind: str) -> "Rate":
        """The part of it that is desks, or rooms."""
        return Rate([row for row in self.rows if row.space.kind == kind])

    def by(self, key: Callable[[Used], Key]) -> dict[Key, Hours]:
        """Added up by something, in the order met."""
        found: dict[Key, Hours] = {}
        for row in self.rows:
            found[key(row)] = found.get(key(row), Hours()) + row.hours
        return found

    def by_month(self) -> dict[date, Hours]:
        """Added up by month."""
        return self.by(lambda row: row.month)

    def by_kind(self) -> dict[str, Hours]:
        """Added up by kind of space."""
        return self.by(lambda row: row.space.kind)

    def by_site(self) -> dict[int, Hours]:
        """Added up by site."""
        return self.by(lambda row: row.space.site_id)

    def by_space(self) -> dict[int, Hours]:
        """Added up by desk and room."""
        return self.by(lambda row: row.space.pk)

    @property
    def spaces(self) -> list[Space]:
        """The desks and rooms it tells of."""
        return list({row.space.pk: row.space for row in self.rows}.values())


def rate(sites: Sequence[Site], first: date, last: date, kind: str = "") -> Rate:
    """The hours taken and offered at `sites` from one day to another, both included: two queries.

    `kind` narrows it to desks, or rooms. An evening that runs past midnight is its own day's.
    """
    offers = opened(sites, first, last)
    wanted = [atom for atom in offers.atoms if not kind or atom.space.kind == kind]
    taken: dict[tuple[int, date], timedelta] = {}
    if asked := parameters(offers, [(atom.pk, atom.group) for atom in wanted]):
        with connection.cursor() as cursor:
            cursor.execute(MONTHS, asked)
            taken = {(atom, month): length for atom, month, length in cursor.fetchall()}
    offered: dict[tuple[int, date], timedelta] = {}
    for piece in offers.pieces:
        at = piece.group, month_of(piece.day)
        offered[at] = offered.get(at, NOTHING) + piece.period.length
    by_group: dict[int, list[tuple[date, timedelta]]] = {}
    for (group, month), length in sorted(offered.items()):
        by_group.setdefault(group, []).append((month, length))
    return Rate(
        [
            Used(atom.space, month, Hours(taken.get((atom.pk, month), NOTHING), length))
            for atom in wanted
            for month, length in by_group.get(atom.group, ())
        ]
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: the percentage of desks taken; None where it was never open."""

    percent: int | None = None

    @property
    def step(self) -> int:
        """Its shade, from 0 to 4."""
        return 0 if self.percent is None else min(self.percent // 20, 4)


@dataclass(frozen=True)
class HeatMap:
    """Percentages by weekday (0 is Monday) and hour; only the hours and days that were ever open."""

    hours: list[int] = field(default_factory=list)
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    desks: int = 0

    @property
    def fullest(self) -> tuple[int, int, int] | None:
        """Weekday, hour and percentage of the fullest hour; the first where several are."""
        cells = [
            (-cell.percent, weekday, hour)
            for weekday, row in self.rows
            for hour, cell in zip(self.hours, row, strict=True)
            if cell.percent
        ]
        percent, weekday, hour = min(cells, default=(0, 0, 0))
        return (weekday, hour, -percent) if percent else None


def heat_map(sites: Sequence[Site], first: date, last: date, kind: str = Space.Kind.DESK) -> HeatMap:
    """How full the desks are by weekday and hour of the site's clocks, over a period: two queries."""
    offers = opened(sites, first, last)
    wanted = [atom for atom in offers.atoms if atom.space.kind == kind]
    asked = parameters(offers, [(atom.pk, atom.group) for atom in wanted])
    if asked is None:
        return HeatMap()
    desks: dict[int, int] = {}
    for atom in wanted:
        desks[atom.group] = desks.get(atom.group, 0) + 1
    asked |= {
        "zone_groups": list(desks),
        "zones": [offers.zones[group] for group in desks],
        "desks": list(desks.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(HOURS, asked)
        cells = {
            (weekday - 1, hour): Cell(Hours(taken, offered).percent)
            for weekday, hour, taken, offered in cursor.fetchall()
        }
    hours, weekdays = sorted({hour for _day, hour in cells}), sorted({day for day, _hour in cells})
    span = list(range(hours[0], hours[-1] + 1)) if hours else []
    rows = [(day, [cells.get((day, hour), Cell()) for hour in span]) for day in weekdays]
    return HeatMap(span, rows, len(wanted))
