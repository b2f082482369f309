"""Everything a site says of its days and prices, read in one query into plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields import BooleanField, IntegerField
from django.db.models.functions import Cast, Coalesce, JSONObject, Lower, Upper

from billing.models import Customer, Seller
from bookings.models import Booking, Closure, OpeningHours, Site, Space, Tariff
from bookings.opening import ClosureRow, HoursRow, Opening, opening_on
from bookings.period import Period, at
from bookings.pricing import Price, TariffRow, price_of, tariff_for
from members.models import Membership, User

Person = User | AnonymousUser | None
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

    Whether they are a member is asked of `day` (of `first` where it is not given).
    """
    row = (
        Site.objects.filter(pk=site.pk)
        .annotate(
            hours=ArraySubquery(_hours(first, last)),
            shut=ArraySubquery(_closures(site, first, last)),
            prices=ArraySubquery(_tariffs(first, last)),
            member=_membership(user, customer, day or first),
            usual=_usual(user),
            holds=_open_holds(customer, now),
        )
        .values("hours", "shut", "prices", "member", "usual", "holds", "seller__vat_regime")
        .get()
    )
    charges_vat = row["seller__vat_regime"] == Seller.VatRegime.REAL
    return Rules(
        site,
        tuple(_hours_row(each) for each in row["hours"]),
        tuple(_closure_row(each) for each in row["shut"]),
        tuple(_tariff_row(each, charges_vat=charges_vat) for each in row["prices"]),
        row["member"],
        row["usual"],
        row["holds"],
    )


def _in_force(first: date, last: date) -> Q:
    """Dated rows that say something of a day from `first` to `last`."""
    return (Q(valid_from=None) | Q(valid_from__lte=last)) & (Q(valid_to=None) | Q(valid_to__gte=first))


def _hours(first: date, last: date) -> QuerySet[OpeningHours, Any]:
    rows = OpeningHours.objects.filter(_in_force(first - timedelta(days=1), last), site=OuterRef("pk"))
    said = ("weekday", "opens", "closes", "half", "space_id", "valid_from", "valid_to")
    return rows.order_by("pk").values(json=JSONObject(**{name: name for name in said}))


def _closures(site: Site, first: date, last: date) -> QuerySet[Closure, Any]:
    start = at(first - timedelta(days=1), time(0), site.zone)
    window = Period(start, at(last + timedelta(days=2), time(0), site.zone))
    rows = Closure.objects.filter(site=OuterRef("pk"), during__overlap=window.range)
    said = JSONObject(start=Lower("during"), end=Upper("during"), reason="reason", space_id="space_id")
    return rows.order_by("during").values(json=said)


def _tariffs(first: date, last: date) -> QuerySet[Tariff, Any]:
    rows = Tariff.objects.filter(_in_force(first - timedelta(days=1), last), site=OuterRef("pk"))
    exact = {name: Cast(name, TextField()) for name in AMOUNTS}  # a JSON number would come back as a float
    said = ("kind", "space_id", "audience", "product_id", "valid_from", "valid_to")
    return rows.order_by("pk").values(
        json=JSONObject(
            **{name: name for name in said},
            **exact,
            product_name="product__name",
            basis="product__price_basis",
            rate=Cast("product__vat_rate", TextField()),
        )
    )


def _membership(user: Person, customer: Customer | None, day: date) -> Exists | Value:
    """Whether the price for members applies: the organisation's membership if it pays, or the person's."""
    current = Membership.objects.on(day)
    if customer is not None and customer.organisation_id is not None:
        return Exists(current.filter(organisation=customer.organisation_id))
    person = customer.user if customer is not None else user
    if person is None or isinstance(person, AnonymousUser):
        return Value(False, output_field=BooleanField())
    return Exists(current.covering(person))


def _usual(user: Person) -> Subquery | Value:
    """The desk this person books most, once it is a habit."""
    if user is None or isinstance(user, AnonymousUser):
        return Value(None, output_field=IntegerField())
    theirs = Booking.objects.confirmed().filter(
        booked_by=user, site=OuterRef("pk"), space__kind=Space.Kind.DESK, space__is_active=True
    )
    counted = theirs.order_by().values("space").annotate(times=Count("pk")).filter(times__gte=HABIT)
    return Subquery(counted.order_by("-times", "space").values("space")[:1])


def _open_holds(customer: Customer | None, now: datetime | None) -> Coalesce | Value:
    """How many options wait for this customer's payment, wherever they are."""
    if customer is None or now is None:
        return Value(0)
    waiting = Booking.objects.filter(customer=customer, state=Booking.State.HELD, held_until__gt=now)
    counted = waiting.order_by().values("customer").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


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
