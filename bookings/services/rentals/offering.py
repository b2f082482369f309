"""What a site offers to who rents: spaces, extras, and what they would cost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from billing.models import Price
from bookings.models import RentalExtra, RentalSpace, Site, Space, Tariff
from bookings.period import Period
from bookings.pricing import TariffRow, tariff_for
from bookings.rental_pricing import ExtraRow, From, Indication, from_price, indicate
from bookings.services import rules as reading
from bookings.services.rules import Rules


@dataclass(frozen=True)
class Offered:
    """A rentable space as the premises know it, with its least price."""

    rental: RentalSpace
    space: Space
    least: From | None


def offered(rules: Rules, *, day: date) -> list[Offered]:
    """What the site of `rules` rents, in its order; three queries, however many there are."""
    spaces = {space.pk: space for space in rules.premises.listed(rules.site)}
    rows = RentalSpace.objects.public().filter(space__site=rules.site).listed()
    return [
        Offered(row, space, from_price(tariff_of(rules, space, day)))
        for row in rows
        if (space := spaces.get(row.space_id)) is not None
    ]


def tariff_of(rules: Rules, space: Space, day: date) -> TariffRow | None:
    """What anyone pays for a space: who rents is no member until the quote says so."""
    return tariff_for(
        rules.tariffs, kind=space.kind, space_id=space.pk, audience=Tariff.Audience.OUTSIDE, day=day
    )


def extras_of(site: Site, *, day: date, chosen: Collection[int] | None = None) -> list[ExtraRow]:
    """What may be added to a rental of that day, in its order: what has a price then; one query."""
    amount = Price.objects.on(day).filter(product=OuterRef("product")).values("amount")[:1]
    rows = RentalExtra.objects.filter(site=site, is_offered=True, product__is_active=True)
    if chosen is not None:
        rows = rows.filter(pk__in=chosen)
    priced = rows.annotate(amount=Subquery(amount)).filter(amount__isnull=False)
    return [extra_row(each, each.amount) for each in priced.select_related("product__seller")]


def extra_row(extra: RentalExtra, amount: Decimal) -> ExtraRow:
    """An extra as the prices reckon with it."""
    product = extra.product
    return ExtraRow(
        pk=extra.pk,
        name=product.name_in(get_language() or "fr"),
        per=extra.per,
        amount=amount,
        basis="ht" if product.price_basis == "ht" else "ttc",
        rate=product.vat_rate if product.seller.charges_vat else Decimal("0.00"),
    )


def indication_for(
    *, site: Site, space: Space | None, period: Period, people: int, extras: Collection[int]
) -> Indication | None:
    """What a rental would cost before any quote; None without a space, or where no tariff says anything.

    A tariff speaks of the hours that are open: what is asked for outside them is priced by the quote.
    """
    if space is None:
        return None
    rules = reading.of_site(site)
    day, opening = period.local(site.zone).start.date(), rules.opening_of(period, space)
    if not opening.allows(period):
        return None
    return indicate(
        name=space.label,
        tariff=tariff_of(rules, space, day),
        period=period,
        opening=opening,
        people=people,
        extras=extras_of(site, day=day, chosen=extras) if extras else (),
    )
