"""What a site says of its days and prices, and what is particular to a person, in one query.

What the managers set up comes from the premises that are kept; the query reads their stamp along with what
must be read anew. It is written out: every page and every booking runs it, and composing it took longer than
it does.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from billing.models import Customer
from bookings.models import Site, Space, Tariff
from bookings.opening import ClosureRow, HoursRow, Opening, opening_on
from bookings.period import Period
from bookings.pricing import Price, TariffRow, price_of, tariff_for
from bookings.services import premises as reading
from bookings.services.premises import Premises
from members.models import User

Person = User | AnonymousUser | None

# Who is a member is said as Membership.objects.on(day).covering(user) says it; an organisation that pays
# counts by its own membership. ANY of an array where IN would do: only so are all three found by their index.
MEMBER = """EXISTS (SELECT FROM members_membership
    WHERE valid_from <= %(day)s AND coalesce(valid_to >= %(day)s, true)
      AND (organisation_id = %(organisation)s::bigint OR user_id = %(payer)s::bigint OR organisation_id = ANY
        (ARRAY(SELECT organisation_id FROM members_affiliation WHERE user_id = %(payer)s::bigint))))"""
USUAL = """(SELECT space_id FROM (
      SELECT space_id, site_id FROM bookings_booking
      WHERE booked_by_id = %(person)s AND state = 'confirmed' ORDER BY id DESC LIMIT 60) AS late
    JOIN bookings_space space ON space.id = space_id
    WHERE late.site_id = site.id AND space.kind = 'desk' AND space.is_active
    GROUP BY space_id HAVING count(*) >= %(habit)s ORDER BY count(*) DESC, space_id LIMIT 1)"""
HOLDS = """(SELECT count(*) FROM bookings_booking
    WHERE customer_id = %(customer)s AND state = 'held' AND held_until > %(now)s)"""
LOOKED_AHEAD = timedelta(days=10)
"""How far the next open day is looked for when a day is closed."""
HABIT = 3
"""From how many confirmed bookings of one desk, among the last sixty, it is called someone's usual one."""


@dataclass(frozen=True)
class Rules:
    """A site's hours, closures and tariffs, and what is particular to this person."""

    premises: Premises
    site: Site
    hours: tuple[HoursRow, ...] = ()
    closures: tuple[ClosureRow, ...] = ()
    tariffs: tuple[TariffRow, ...] = ()
    is_member: bool = False
    usual_id: int | None = None
    open_holds: int = 0
    _openings: dict[tuple[int, date, int | None], Opening] = field(default_factory=dict, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The site's clocks."""
        return self.site.zone

    @property
    def audience(self) -> str:
        """Which tariffs are this person's."""
        return Tariff.Audience.MEMBER if self.is_member else Tariff.Audience.OUTSIDE

    def opening(self, day: date, space: Space | None = None) -> Opening:
        """One local day of the site, or of a space that has hours or closures of its own."""
        atoms = atoms_of(space) if space is not None else ()
        ids = {space.pk, *atoms} if space is not None else ()
        own = not self.premises.particular.isdisjoint(ids)
        key = (self.site.pk, day, space.pk if space is not None and own else None)
        if key not in self._openings:
            self._openings[key] = opening_on(
                day,
                zone=self.site.zone,
                rows=self.hours,
                closures=self.closures,
                space_id=key[2],
                atoms=atoms if key[2] else (),
                holidays_open=self.site.holidays_open,
                country=self.site.country,
                subdivision=self.site.subdivision,
            )
        return self._openings[key]

    def opening_of(self, period: Period, space: Space | None) -> Opening:
        """The opening `period` falls in: its local day's, or the evening's before that runs past midnight."""
        day = period.local(self.site.zone).start.date()
        evening = self.opening(day - timedelta(days=1), space)
        return evening if evening.allows(period) else self.opening(day, space)

    def next_open(self, day: date, space: Space | None = None) -> date | None:
        """The first open day after `day`, among the next ten."""
        days = (day + timedelta(days=offset) for offset in range(1, LOOKED_AHEAD.days))
        return next((each for each in days if self.opening(each, space).is_open), None)

    def price(self, space: Space, period: Period, opening: Opening) -> Price | None:
        """What this person pays for `space`; None where nothing says."""
        return self.price_of_kind(space.kind, period, opening, space_id=space.pk)

    def price_of_kind(
        self, kind: str, period: Period, opening: Opening, *, space_id: int = 0
    ) -> Price | None:
        """What this person pays for a space of this kind that has no tariff of its own."""
        row = tariff_for(
            self.tariffs, kind=kind, space_id=space_id, audience=self.audience, day=opening.day
        ) or tariff_for(
            self.tariffs, kind=kind, space_id=space_id, audience=Tariff.Audience.OUTSIDE, day=opening.day
        )
        return price_of(row, period, opening) if row else None


def atoms_of(space: Space) -> list[int]:
    """The ids of its atoms, sorted; read with the space where `with_atoms()` was asked for."""
    found: list[int] | None = getattr(space, "atom_ids", None)
    if found is None:
        found = sorted(space.parts.values_list("atom_id", flat=True))
        space.atom_ids = found  # type: ignore[attr-defined]  # kept on the object for the next reader
    return found


def load(
    site: Site,
    *,
    day: date,
    user: Person = None,
    customer: Customer | None = None,
    now: datetime | None = None,
    habits: bool = False,
) -> Rules:
    """Read the rules for this person or customer, in one query.

    Where both are given, `customer` pays, and `user` is whose habits are looked for, if `habits` are asked
    for. Whether the payer is a member is asked of `day`, and the holds that are open are counted as of `now`.
    """
    payer = customer.user_id if customer is not None else _id_of(user)
    organisation = customer.organisation_id if customer is not None else None
    person = (_id_of(user) or payer) if habits else None
    asked: dict[str, Any] = {
        "site": site.pk,
        "day": day,
        "payer": payer,
        "person": person,
        "organisation": organisation,
        "customer": customer.pk if customer is not None else None,
        "now": now,
        "habit": HABIT,
    }
    statement = _statement(
        member=payer is not None or organisation is not None,
        usual=person is not None,
        holds=customer is not None and now is not None,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        stamp, is_member, usual, holds = cursor.fetchone()
    return of_premises(reading.stamped(stamp), site, is_member=is_member, usual_id=usual, open_holds=holds)


def of_site(site: Site) -> Rules:
    """The rules for anyone; one query."""
    return of_premises(reading.current(), site)


def of_premises(
    premises: Premises,
    site: Site,
    *,
    is_member: bool = False,
    usual_id: int | None = None,
    open_holds: int = 0,
) -> Rules:
    """The rules of a site as the premises say them; no query."""
    pk = site.pk
    return Rules(
        premises,
        premises.site(site),
        premises.hours.get(pk, ()),
        premises.closures.get(pk, ()),
        premises.tariffs.get(pk, ()),
        is_member,
        usual_id,
        open_holds,
        premises.kept_openings(),
    )


@lru_cache
def _statement(*, member: bool, usual: bool, holds: bool) -> str:
    """Ask only for what there is something to say of: each part costs the database its planning."""
    parts = (
        MEMBER if member else "false",
        USUAL if usual else "NULL",
        HOLDS if holds else "0",
    )
    return " ".join(
        (f"SELECT {reading.STAMP}, {', '.join(parts)}", "FROM bookings_site site WHERE id = %(site)s")
    )


def _id_of(user: Person) -> int | None:
    return user.pk if user is not None and user.is_authenticated else None
