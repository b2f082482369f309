"""What was offered: the hours at which each desk and room could be taken, as the opening rules say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bookings.models import Site, Space
from bookings.opening import ClosureRow
from bookings.period import Period, merged
from bookings.services import premises as reading
from bookings.services import rules
from bookings.services.premises import Premises
from bookings.services.rules import Rules

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Atom:
    """A desk or room that can be taken; those of one `group` are open at the same times."""

    space: Space
    group: int

    @property
    def pk(self) -> int:
        """Its id, as occupancies say it."""
        return int(self.space.pk)


@dataclass(frozen=True, slots=True)
class Piece:
    """A group is open for a period, which belongs to a local day even where it runs past midnight."""

    group: int
    day: date
    period: Period


@dataclass
class Opened:
    """The desks and rooms of some sites, and when they are open."""

    first: date
    last: date
    atoms: list[Atom] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    sites: dict[int, Site] = field(default_factory=dict)
    """group → its site."""

    @property
    def bounds(self) -> Period | None:
        """From the first opening to the last."""
        if not self.pieces:
            return None
        return Period(
            min(each.period.start for each in self.pieces), max(each.period.end for each in self.pieces)
        )


def opened(sites: Iterable[Site], first: date, last: date) -> Opened:
    """Work out when the desks and rooms of `sites` are open: one query, whatever there is.

    Counted are those that can be booked today. Of joined rooms each one counts for itself, and is open
    whenever a space that it is part of may be booked.
    """
    found, premises = Opened(first, last), reading.current()
    for site in sites:
        _add_site(found, premises, site)
    return found


def _add_site(found: Opened, premises: Premises, site: Site) -> None:
    said = rules.of_premises(premises, site)
    spaces = {space.pk: space for space in premises.spaces.get(site.pk, ())}
    users: dict[int, list[Space]] = defaultdict(list)
    for space in spaces.values():
        for atom in rules.atoms_of(space) if space.is_active else ():
            users[atom].append(space)
    particular = {
        atom for atom, those in users.items() if not premises.particular.isdisjoint(each.pk for each in those)
    }
    usual = _group(found, site)
    for atom, those in users.items():
        group = _group(found, site) if atom in particular else usual
        found.atoms.append(Atom(spaces[atom], group))
        if atom in particular:
            _add(found, group, _own(said, those, found.first, found.last))
    if users.keys() - particular:
        _add(found, usual, _common(said, found.first, found.last))


def _group(found: Opened, site: Site) -> int:
    group = len(found.sites) + 1
    found.sites[group] = site
    return group


def _common(said: Rules, first: date, last: date) -> Iterable[tuple[date, Sequence[Period]]]:
    return ((day, said.opening(day).periods) for day in days(first, last))


def _own(
    said: Rules, spaces: Sequence[Space], first: date, last: date
) -> Iterable[tuple[date, Sequence[Period]]]:
    """The hours of a desk or room for which some space has rules of its own: any of its spaces opens it.

    A closure of any of them shuts it: a closure of joined rooms takes each one.
    """
    mine = {None, *(space.pk for space in spaces)}
    closures = [row for row in said.closures if row.space_id in mine]
    for day in days(first, last):
        hours = merged(period for space in spaces for period in said.opening(day, space).hours)
        yield day, [left for each in hours for left in each.minus(shut_during(closures, each))]


def shut_during(closures: Iterable[ClosureRow], period: Period) -> list[Period]:
    """The closures that touch a period."""
    return [row.period for row in closures if row.period.overlaps(period)]


def _add(found: Opened, group: int, by_day: Iterable[tuple[date, Sequence[Period]]]) -> None:
    """Note what is open; an evening that meets the next morning is counted once."""
    until: datetime | None = None
    for day, periods in by_day:
        for period in periods:
            start = period.start if until is None else max(period.start, until)
            if start < period.end:
                found.pieces.append(Piece(group, day, Period(start, period.end)))
                until = period.end


def days(first: date, last: date) -> Iterator[date]:
    """Every day from one to another, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
