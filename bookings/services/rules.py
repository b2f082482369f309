"""Everything a site says of its days and prices, read in one query into plain values.

The statement is written out: every page and every booking runs it, and composing it took longer than it does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from billing.models import Customer
from bookings.models import Site, Space, Tariff
from bookings.opening import ClosureRow, HoursRow, Opening, opening_on
from bookings.period import Period, at
from bookings.pricing import Price, TariffRow, price_of, tariff_for
from members.models import User

Person = User | AnonymousUser | None

# Amounts leave as text: a JSON number would come back as a float. Who is a member is said as
# Membership.objects.on(day).covering(user) says it; an organisation that pays counts by its own membership.
EVERYTHING = """
SELECT
  ARRAY(SELECT json_build_object(
      'weekday', weekday, 'opens', opens, 'closes', closes, 'half', half, 'space_id', space_id,
      'valid_from', valid_from, 'valid_to', valid_to)
    FROM bookings_openinghours hours WHERE hours.site_id = site.id
      AND coalesce(valid_from <= %(last)s, true) AND coalesce(valid_to >= %(since)s, true) ORDER BY id),
  ARRAY(SELECT json_build_object(
      'start', lower(during), 'end', upper(during), 'reason', reason, 'space_id', space_id)
    FROM bookings_closure shut WHERE shut.site_id = site.id
      AND during && tstzrange(%(from)s, %(until)s) ORDER BY during),
  ARRAY(SELECT json_build_object(
      'kind', kind, 'space_id', space_id, 'audience', audience, 'product_id', product_id,
      'valid_from', valid_from, 'valid_to', valid_to, 'half_day', half_day::text, 'day', day::text,
      'hour', hour::text, 'day_cap', day_cap::text, 'product_name', product.name,
      'basis', product.price_basis, 'rate', product.vat_rate::text)
    FROM bookings_tariff tariff JOIN billing_product product ON product.id = product_id
    WHERE tariff.site_id = site.id
      AND valid_from <= %(last)s AND coalesce(valid_to >= %(since)s, true) ORDER BY tariff.id),
  (SELECT vat_regime = 'real' FROM billing_seller WHERE id = site.seller_id),
  EXISTS (SELECT FROM members_membership
    WHERE valid_from <= %(day)s AND coalesce(valid_to >= %(day)s, true)
      AND (organisation_id = %(organisation)s::bigint OR user_id = %(payer)s::bigint OR organisation_id IN
        (SELECT organisation_id FROM members_affiliation WHERE user_id = %(payer)s::bigint))),
  (SELECT space_id FROM bookings_booking booking JOIN bookings_space space ON space.id = space_id
    WHERE booked_by_id = %(person)s::bigint AND booking.site_id = site.id AND state = 'confirmed'
      AND space.kind = 'desk' AND space.is_active
    GROUP BY space_id HAVING count(*) >= %(habit)s ORDER BY count(*) DESC, space_id LIMIT 1),
  (SELECT count(*) FROM bookings_booking
    WHERE customer_id = %(customer)s::bigint AND state = 'held' AND held_until > %(now)s::timestamptz)
FROM bookings_site site WHERE site.id = %(site)s
"""
AMOUNTS = ("half_day", "day", "hour", "day_cap")
LOOKED_AHEAD = timedelta(days=10)
"""How far the next open day is looked for when a day is closed."""
HABIT = 3
"""From how many confirmed bookings of one desk on it is called someone's usual one."""


@dataclass(frozen=True)
class Rules:
    """A site's hours, closures and tariffs, and what is particular to this person."""

    site: Site
    hours: tuple[HoursRow, ...] = ()
    closures: tuple[ClosureRow, ...] = ()
    tariffs: tuple[TariffRow, ...] = ()
    is_member: bool = False
    usual_id: int | None = None
    open_holds: int = 0
    _openings: dict[tuple[date, int | None], Opening] = field(default_factory=dict, compare=False)

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
        ids = {space.pk, *atoms} if space is not None else set()
        own = any(row.space_id in ids for row in self.hours) or any(
            row.space_id in ids for row in self.closures
        )
        key = (day, space.pk if space is not None and own else None)
        if key not in self._openings:
            self._openings[key] = opening_on(
                day,
                zone=self.site.zone,
                rows=self.hours,
                closures=self.closures,
                space_id=key[1],
                atoms=atoms if key[1] else (),
                holidays_open=self.site.holidays_open,
                country=self.site.country,
                subdivision=self.site.subdivision,
            )
        return self._openings[key]

    def opening_of(self, period: Period, space: Space) -> Opening:
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
    first: date,
    last: date,
    day: date | None = None,
    user: Person = None,
    customer: Customer | None = None,
    now: datetime | None = None,
) -> Rules:
    """Read the rules that matter from `first` to `last`, for this person or customer, in one query.

    Where both are given, `customer` pays, and `user` is whose habits are looked for. Whether the payer is a
    member is asked of `day` (of `first` where it is not given).
    """
    payer = customer.user_id if customer is not None else _id_of(user)
    asked: dict[str, int | date | datetime | None] = {
        "site": site.pk,
        "since": first - timedelta(days=1),
        "last": last,
        "from": at(first - timedelta(days=1), time(0), site.zone),
        "until": at(last + timedelta(days=2), time(0), site.zone),
        "day": day or first,
        "payer": payer,
        "person": _id_of(user) or payer,
        "organisation": customer.organisation_id if customer is not None else None,
        "customer": customer.pk if customer is not None else None,
        "now": now,
        "habit": HABIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING, asked)
        hours, shut, prices, charges_vat, is_member, usual, holds = cursor.fetchone()
    return Rules(
        site,
        tuple(_hours_row(each) for each in hours),
        tuple(_closure_row(each) for each in shut),
        tuple(_tariff_row(each, charges_vat=charges_vat) for each in prices),
        is_member,
        usual,
        holds,
    )


def _id_of(user: Person) -> int | None:
    return user.pk if user is not None and user.is_authenticated else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _hours_row(said: Mapping[str, Any]) -> HoursRow:
    return HoursRow(
        said["weekday"],
        time.fromisoformat(said["opens"]),
        time.fromisoformat(said["closes"]),
        said["half"],
        said["space_id"],
        _day(said["valid_from"]),
        _day(said["valid_to"]),
    )


def _closure_row(said: Mapping[str, Any]) -> ClosureRow:
    period = Period(datetime.fromisoformat(said["start"]), datetime.fromisoformat(said["end"])).utc
    return ClosureRow(period, said["reason"], said["space_id"])


def _tariff_row(said: Mapping[str, Any], *, charges_vat: bool) -> TariffRow:
    return TariffRow(
        kind=said["kind"],
        space_id=said["space_id"],
        audience=said["audience"],
        product_id=said["product_id"],
        product_name=said["product_name"],
        basis=said["basis"],
        rate=Decimal(said["rate"]) if charges_vat else Decimal("0.00"),
        valid_from=date.fromisoformat(said["valid_from"]),
        valid_to=_day(said["valid_to"]),
        **{name: Decimal(said[name]) if said[name] is not None else None for name in AMOUNTS},
    )
