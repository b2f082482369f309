"""What is taken over a range, in one flat query; a hold whose time is up counts as free."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.translation import get_language

from bookings.models import Booking, Site, Space
from bookings.period import Period
from bookings.services import premises
from bookings.services.rules import Person, atoms_of

# Written out: composing these took longer than running them (see services/rules.py).
TAKEN = """
SELECT atom_id, lower(taken.during) AS starts, upper(taken.during) AS ends, booking_id, purpose, reference,
  booked_by_id, customer.user_id
FROM bookings_occupancy taken
JOIN bookings_booking booking ON booking.id = booking_id
LEFT JOIN billing_customer customer ON customer.id = customer_id
WHERE taken.during && %s::tstzrange AND booking.site_id = %s
  AND (booking.state = 'confirmed' OR booking.held_until > %s)
"""


@dataclass(frozen=True)
class Taken:
    """One atom taken for one period; `reference` is said of what is mine."""

    atom_id: int
    period: Period
    booking_id: int
    purpose: str
    reference: str
    is_mine: bool


def taken_in(period: Period, *, site: Site, user: Person, now: datetime) -> list[Taken]:
    """Everything taken at a site over `period`, as this person sees it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [period.range, site.pk, now])
        rows = cursor.fetchall()
    return [taken(row, user) for row in rows]


def taken(row: Sequence[Any], user: Person) -> Taken:
    """A row of `TAKEN` as this person sees it."""
    atom_id, starts, ends, booking_id, purpose, reference, booked_by_id, payer_id = row
    me = user.pk if user is not None and not isinstance(user, AnonymousUser) else None
    mine = _is_mine(purpose, me, booked_by_id, payer_id)
    return Taken(atom_id, Period(starts, ends), booking_id, purpose, reference if mine else "", mine)


def _is_mine(purpose: str, me: int | None, booked_by: int | None, payer: int | None) -> bool:
    """Booked by me for myself, or for me by someone else; a manager's booking for another is not hers."""
    if me is None or purpose != Booking.Purpose.MEMBER:
        return False
    return payer == me if payer is not None else booked_by == me


def by_atom(rows: Iterable[Taken]) -> dict[int, list[Taken]]:
    """Sort what is taken by atom."""
    found: dict[int, list[Taken]] = {}
    for row in rows:
        found.setdefault(row.atom_id, []).append(row)
    return found


def over(space: Space, period: Period, taken: Mapping[int, list[Taken]]) -> list[Taken]:
    """What stands in the way of `space` for `period`, on any of its atoms."""
    return [row for atom in atoms_of(space) for row in taken.get(atom, ()) if row.period.overlaps(period)]


def listed_spaces(site: Site, *, kinds: Collection[str] = ()) -> list[Space]:
    """The site's spaces with atoms and equipment, in the order of the list; one query."""
    return premises.current().listed(site, kinds=kinds)


def features_of(space: Space) -> tuple[tuple[str, ...], frozenset[str]]:
    """Labels in the language of the screen, and codes, of what `listed_spaces` read."""
    said: list[dict[str, Any]] = getattr(space, "equipment_said", [])
    english = (get_language() or "").startswith("en")
    labels = tuple(each["name_en"] if english and each["name_en"] else each["name"] for each in said)
    return labels, frozenset(each["code"] for each in said)


def is_free(space: Space, period: Period, taken: Mapping[int, list[Taken]]) -> bool:
    """Whether nothing is in its way and it works."""
    return not space.out_of_order_reason and not over(space, period, taken)


def free_spaces(
    *,
    site: Site,
    kind: str,
    period: Period,
    now: datetime,
    equipment: Collection[str] = (),
    capacity: int = 1,
) -> list[Space]:
    """Spaces of a kind that are free for the whole of `period` and have what is wanted; two queries."""
    taken = by_atom(taken_in(period, site=site, user=None, now=now))
    wanted = frozenset(equipment)
    return [
        space
        for space in listed_spaces(site, kinds=[kind])
        if space.capacity >= capacity and wanted <= features_of(space)[1] and is_free(space, period, taken)
    ]
