"""What a first quote says before anyone edits it: taken from the request, the tariffs and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import translation

from billing.documents.discounting import Discount
from billing.models import Price as DatedPrice
from billing.models import Product, Quote, QuoteLine
from billing.money import HUNDRED, ZERO, Amounts, round2
from billing.quotes.amounts import worked_out
from billing.quotes.offers import Offer, OfferedLine
from bookings.models import RentalDiscount, RentalExtra, RentalQuote, RentalRequest, Space
from bookings.period import Period, at
from bookings.pricing import TariffRow, price_of
from bookings.rental_pricing import quantity_of
from bookings.services import rules as reading
from bookings.services.rentals.offering import extra_row, tariff_of
from members.formats import plain, span
from members.models import Membership

VALID = timedelta(days=7)
"""How long a quote stands unless the manager says otherwise; the last day counts in full."""
ADVANCE = 30
PREPARATION = 30
"""Minutes to set up before, and to clear after."""
UNITS = {RentalExtra.Per.RENTAL: "", RentalExtra.Per.PERSON: "person", RentalExtra.Per.HOUR: "hour"}
BY_BUYER = {"association": RentalDiscount.Audience.ASSOCIATION}


def offer_for(request: RentalRequest, *, now: datetime) -> Offer:
    """What the quote of a request says to begin with, in the language of who asked."""
    spaces = [request.space] if request.space is not None else []
    today = now.astimezone(request.site.zone).date()
    with translation.override(request.language):
        lines = lines_for(request, spaces, request.period)
    return Offer(
        lines=lines,
        valid_until=end_of_day(today + VALID, request.period, request.site.zone),
        discount=discount_for(request, lines, day=today),
        advance_percent=ADVANCE,
        confirmation=Quote.Confirmation.ON_ADVANCE,
    )


def end_of_day(day: date, period: Period, zone: ZoneInfo) -> datetime:
    """When a quote valid until `day` is over: at midnight, and never after what is rented has begun."""
    return min(at(day + timedelta(days=1), time(0), zone), period.utc.start)


def lines_for(request: RentalRequest, spaces: Sequence[Space], period: Period) -> list[OfferedLine]:
    """The spaces by their tariff, then the extras; what no tariff or price says is left to the manager."""
    found = [_line_of_space(request, space, period) for space in spaces]
    return [*(line for line in found if line is not None), *_extras(request, period)]


def _line_of_space(request: RentalRequest, space: Space, period: Period) -> OfferedLine | None:
    rules, local = reading.of_site(request.site), period.local(request.site.zone)
    tariff = tariff_of(rules, space, local.start.date())
    price = price_of(tariff, period, rules.opening_of(period, space)) if tariff is not None else None
    if price is None:
        return None
    return OfferedLine(
        label=space.label,
        detail=plain(span(local.start, local.end, request.language, year=True)),
        quantity=price.quantity,
        unit=price.unit,
        unit_price=price.unit_price,
        basis=price.basis,
        rate=price.vat_rate,
        product=Product.objects.get(pk=price.product_id),
    )


@dataclass(frozen=True, slots=True)
class Hour:
    """What an hour more costs: euros on `basis`, `rate` in percent."""

    unit_price: Decimal
    basis: str
    rate: Decimal


def hour_of(rental: RentalQuote) -> Hour | None:
    """The hour of all its spaces together: of each as its line of the quote says it, else its tariff.

    None where a space has neither, or where they differ in basis or rate: one line can't say it then.
    """
    lines, site = list(rental.quote.lines.all()), rental.request.site
    hours = [line for line in lines if line.unit == "hour"]
    spaces = [option.space for option in rental.options.select_related("space").order_by("pk")]
    if len(spaces) < 2 and lines and lines[0].unit == "hour":  # whatever that line is called now
        return _hour_said(lines[0])
    rules, day = reading.of_site(site), rental.period.local(site.zone).start.date()
    with translation.override(rental.quote.language):
        said = {line.label: _hour_said(line) for line in hours}
        found = [said.get(space.label) or _hour_listed(tariff_of(rules, space, day)) for space in spaces]
    each = [hour for hour in found if hour is not None]
    if len(each) < len(spaces) or len({(hour.basis, hour.rate) for hour in each}) != 1:
        return None
    return Hour(sum((hour.unit_price for hour in each), ZERO), each[0].basis, each[0].rate)


def _hour_said(line: QuoteLine) -> Hour:
    return Hour(line.unit_price, line.price_basis, line.vat_rate)


def _hour_listed(tariff: TariffRow | None) -> Hour | None:
    return Hour(tariff.hour, tariff.basis, tariff.rate) if tariff and tariff.hour is not None else None


def _extras(request: RentalRequest, period: Period) -> list[OfferedLine]:
    day = period.local(request.site.zone).start.date()
    chosen = list(request.extras.select_related("product__seller").order_by("position", "pk"))
    prices = {
        row.product_id: row.amount
        for row in DatedPrice.objects.on(day).filter(product__in=[each.product_id for each in chosen])
    }
    lines = []
    for extra in chosen:
        amount = prices.get(extra.product_id)
        if amount is None:
            continue
        row = extra_row(extra, amount)
        lines.append(
            OfferedLine(
                label=row.name,
                quantity=quantity_of(row, people=request.people, period=period),
                unit=UNITS[RentalExtra.Per(extra.per)],
                unit_price=amount,
                basis=row.basis,
                rate=row.rate,
                product=extra.product,
            )
        )
    return lines


def discount_for(request: RentalRequest, lines: Sequence[OfferedLine], *, day: date) -> Discount | None:
    """The largest discount whose rule is seen from the request; the others are offered to the manager."""
    rules = RentalDiscount.objects.on(day).filter(site=request.site, audience__in=audiences_of(request, day))
    rule = rules.first()
    return discount_by(rule, lines, language=request.language) if rule is not None else None


def discount_by(rule: RentalDiscount, lines: Sequence[OfferedLine], *, language: str) -> Discount:
    """What a rule takes off these lines."""
    worked = worked_out([line.priced for line in lines])
    whole = sum((each.amounts for each in worked), Amounts(ZERO, ZERO, ZERO))
    return Discount(round2(whole.excl * Decimal(rule.percent) / HUNDRED), rule.label_in(language))


def audiences_of(request: RentalRequest, day: date) -> list[str]:
    """Which rules a request falls under: what it says it is, and whether its address is a member's."""
    found: list[str] = [BY_BUYER[request.buyer]] if request.buyer in BY_BUYER else []
    address = request.email
    mine = Q(user__email__iexact=address) | Q(organisation__affiliations__user__email__iexact=address)
    if address and Membership.objects.on(day).filter(mine).exists():
        found.append(RentalDiscount.Audience.MEMBER)
    return found
