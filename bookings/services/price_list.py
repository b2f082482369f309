"""Every price of a site on a day, outside and for members side by side, from its tariffs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from billing.money import amounts_for
from bookings.models import Site, Space, Tariff
from bookings.pricing import TariffRow, tariff_for
from bookings.services.premises import Premises

UNITS = (
    ("half_day", _("la demi-journée")),
    ("day", _("la journée")),
    ("hour", _("l’heure")),
    ("day_cap", _("la journée au plus")),
)


@dataclass(frozen=True)
class PriceRow:
    """One unit of one kind of space, or of one space; euros including VAT. None: not offered to them."""

    name: str
    unit: str
    outside: Decimal | None
    member: Decimal | None


def price_list(read: Premises, site: Site, day: date) -> list[PriceRow]:
    """What each kind of space costs, then each space that has a price of its own, by kind.

    A member pays the outside price where no tariff is for members, as when booking.
    """
    tariffs = read.tariffs.get(site.pk, ())
    priced = _priced(read.listed(site), tariffs)
    return [row for space, name in priced for row in _rows(space, name, tariffs, day)]


def _priced(spaces: list[Space], tariffs: tuple[TariffRow, ...]) -> Iterator[tuple[Space, str]]:
    """One space of each kind that goes by its kind's price (named when alone), and those with their own."""
    own = {row.space_id for row in tariffs}
    for kind in Space.Kind:
        there = [space for space in spaces if space.kind == kind]
        usual = [space for space in there if space.pk not in own]
        if usual:
            yield usual[0], usual[0].label if len(usual) == 1 else capfirst(str(kind.label))
        yield from ((space, space.label) for space in there if space.pk in own)


def _rows(space: Space, name: str, tariffs: tuple[TariffRow, ...], day: date) -> Iterator[PriceRow]:
    found = {
        audience: tariff_for(tariffs, kind=space.kind, space_id=space.pk, audience=audience, day=day)
        for audience in Tariff.Audience.values
    }
    outside = found[Tariff.Audience.OUTSIDE]
    member = found[Tariff.Audience.MEMBER] or outside
    for unit, label in UNITS:
        prices = _incl(outside, unit), _incl(member, unit)
        if prices != (None, None):
            yield PriceRow(name, str(label), *prices)


def _incl(row: TariffRow | None, unit: str) -> Decimal | None:
    amount: Decimal | None = getattr(row, unit) if row else None
    return None if row is None or amount is None else amounts_for(amount, row.rate, row.basis).incl
