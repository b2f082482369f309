"""One day of one site, as the manager looks at it: few queries, then plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.models import Booking, Occupancy, Site, Space
from bookings.opening import Opening
from bookings.period import Period, at
from bookings.services import rules


@dataclass(frozen=True)
class SiteDay:
    """What is read of a day. `taken`: (atom, booking) for every place that is held or booked."""

    site: Site
    day: date
    opening: Opening
    spaces: tuple[Space, ...]
    taken: tuple[tuple[int, Booking], ...]

    @property
    def bookings(self) -> list[Booking]:
        """People's bookings, each once, in order of arrival."""
        found = {booking.pk: booking for _atom, booking in self.taken if booking.purpose != "closure"}
        return sorted(found.values(), key=lambda booking: (booking.during.lower, booking.space.position))

    @property
    def desks(self) -> list[Space]:
        """Desks, in order."""
        return [space for space in self.spaces if space.is_desk]

    @property
    def rooms(self) -> list[Space]:
        """Everything else that has walls of its own: a space made of several is shown by its parts."""
        return [space for space in self.spaces if not space.is_desk and len(parts_of(space)) < 2]

    def of(self, space: Space) -> list[Booking]:
        """Who takes this atom that day, in order."""
        mine = [booking for atom, booking in self.taken if atom == space.pk]
        return sorted(mine, key=lambda booking: booking.during.lower)


def parts_of(space: Space) -> list[int]:
    """The atoms of a space read `with_atoms()`."""
    return list(getattr(space, "atom_ids", None) or [])


def read(site: Site, day: date) -> SiteDay:
    """Read a day: spaces, hours, closures, and who takes what; three queries."""
    whole = day_of(site, day)
    spaces = tuple(Space.objects.filter(site=site).active().with_atoms().select_related("floor", "site"))
    rows = Occupancy.objects.overlapping(whole.range).filter(booking__site=site)
    related = rows.select_related(
        "booking__space",
        "booking__customer",
        "booking__booked_by",
        "booking__closure",
        "booking__line__order",
        "booking__presence",
        "booking__preparation",
    )
    taken = tuple((row.atom_id, row.booking) for row in related.order_by("during", "atom_id"))
    return SiteDay(site, day, rules.of_site(site).opening(day), spaces, taken)


def day_of(site: Site, day: date) -> Period:
    """From midnight to midnight on the clocks of the site."""
    start = at(day, datetime.min.time(), site.zone)
    return Period(start, at(day + timedelta(days=1), datetime.min.time(), site.zone))


def choose_site(sites: Iterable[Site], code: str) -> Site | None:
    """The site asked for, else the first."""
    known = list(sites)
    return next((site for site in known if site.code == code), known[0] if known else None)
