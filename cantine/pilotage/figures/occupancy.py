"""How full the place is: hours taken of a hundred that were offered.

Taken are the occupancies of confirmed bookings (members, events, rentals), never closures; only the part that
falls within opening hours, so that a rate never passes a hundred and a lunch break dilutes nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import connection

from bookings.models import Site, Space
from cantine.pilotage.figures.heat import HeatMap, heat_of
from cantine.pilotage.figures.months import month_of
from cantine.pilotage.figures.opened import NOTHING, Opened, opened
from cantine.pilotage.figures.taken import BY_ATOM, READ, parameters

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that were taken, of those that were offered."""

    taken: timedelta = NOTHING
    offered: timedelta = NOTHING

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.taken + other.taken, self.offered + other.offered)

    def __sub__(self, other: "Hours") -> "Hours":
        return Hours(self.taken - other.taken, self.offered - other.offered)

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
    """The hours of one kind of space at one site in one month."""

    site: Site
    kind: str
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

    def between(self, first: date, last: date) -> "Rate":
        """The part of it in the months from one to another."""
        return Rate([row for row in self.rows if month_of(first) <= row.month <= last])

    def of_kind(self, kind: str) -> "Rate":
        """The part of it that is desks, or rooms."""
        return Rate([row for row in self.rows if row.kind == kind])

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
        return self.by(lambda row: row.kind)

    def by_site(self) -> dict[Site, Hours]:
        """Added up by site."""
        return self.by(lambda row: row.site)


def occupancy(
    sites: Sequence[Site],
    first: date,
    last: date,
    *,
    heat_from: date | None = None,
    heat_kind: str = Space.Kind.DESK,
) -> tuple[Rate, HeatMap]:
    """How full `sites` were from one day to another, both included, and when: two queries.

    The heat map may begin later than the rest, on `heat_from`. An evening that runs past midnight is its own
    day's, so that it is in the month of that day.
    """
    offers = opened(sites, first, last)
    asked = parameters(offers, offers.atoms, heat_from=heat_from, heat_kind=heat_kind)
    if asked is None:
        return Rate(), HeatMap()
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        rows = cursor.fetchall()
    taken = {(group, kind, month): length for group, kind, month, *_cell, length, _ in rows if group}
    cells = {
        (weekday - 1, hour): Hours(length, offered).percent
        for group, _kind, _month, weekday, hour, length, offered in rows
        if group is None
    }
    desks = sum(atom.space.kind == heat_kind for atom in offers.atoms)
    return Rate(_used(offers, taken)), heat_of(cells, desks)


def rate(sites: Sequence[Site], first: date, last: date, kind: str = "") -> Rate:
    """How full `sites` were from one day to another, both included; `kind` narrows it to desks, or rooms."""
    found, _heat = occupancy(sites, first, last)
    return found.of_kind(kind) if kind else found


def heat_map(sites: Sequence[Site], first: date, last: date, kind: str = Space.Kind.DESK) -> HeatMap:
    """How full the desks were by weekday and hour of the site's clocks, from one day to another."""
    return occupancy(sites, first, last, heat_kind=kind)[1]


def by_space(sites: Sequence[Site], first: date, last: date) -> list[tuple[Space, Hours]]:
    """How full each desk and room was, the fullest first: two queries, which take longer than the above."""
    offers = opened(sites, first, last)
    asked = parameters(offers, offers.atoms)
    if asked is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(BY_ATOM, asked)
        taken = dict(cursor.fetchall())
    lengths: dict[int, timedelta] = {}
    for piece in offers.pieces:
        lengths[piece.group] = lengths.get(piece.group, NOTHING) + piece.period.length
    found = [
        (atom.space, Hours(taken.get(atom.pk, NOTHING), lengths.get(atom.group, NOTHING)))
        for atom in offers.atoms
    ]
    return sorted(found, key=lambda each: -(each[1].percent or 0))


def _used(offers: Opened, taken: Mapping[tuple[int, str, date], timedelta]) -> list[Used]:
    """What was taken beside what was offered, by group, kind and month."""
    lengths: dict[tuple[int, date], timedelta] = {}
    for piece in offers.pieces:
        at = piece.group, month_of(piece.day)
        lengths[at] = lengths.get(at, NOTHING) + piece.period.length
    places = Counter((atom.group, str(atom.space.kind)) for atom in offers.atoms)
    return [
        Used(
            offers.sites[group], kind, month, Hours(taken.get((group, kind, month), NOTHING), length * number)
        )
        for (group, kind), number in places.items()
        for (of_group, month), length in sorted(lengths.items())
        if of_group == group
    ]
