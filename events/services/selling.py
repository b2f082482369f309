"""What a registration costs, and the line it is ordered by."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import override

from billing.models import Customer, Order, PriceBasis, Product, Seller
from billing.money import ZERO
from billing.orders.services import NewLine, open_order
from billing.payments.services import cards_are_offered
from bookings.models import Site
from events.errors import BadPrice, NotSold
from events.models import Event, Registration, TicketType
from members.formats import day, hours, plain
from members.transactions import require_transaction

LINE_KIND = "registration"
PRODUCT = "evenements"
"""The code of the article that a seller's event tickets are sold as."""
MOST = Decimal(10_000)


def product_of(seller: Seller) -> Product | None:
    """What `seller` sells event tickets as; prices of tickets include VAT."""
    return Product.objects.filter(
        seller=seller, code=PRODUCT, is_active=True, price_basis=PriceBasis.TTC
    ).first()


def may_sell(site: Site) -> bool:
    """Whether a paid ticket could be paid for at this site: there is an article, and a way to pay."""
    return product_of(site.seller) is not None and (cards_are_offered() or site.desk_payment)


def unit_price(ticket: TicketType, *, member: bool, offered: Decimal | None) -> Decimal:
    """Euros for one seat: the ticket's price, or what the person gives where it is open."""
    if ticket.pricing == TicketType.Pricing.OPEN:
        given = ticket.price_for(member=member) if offered is None else offered
        if not given.is_finite() or not ZERO <= given <= MOST or given != given.quantize(Decimal("0.01")):
            raise BadPrice
        return given
    return ticket.price_for(member=member)


def order_for(registration: Registration, *, expires_at: dt.datetime, now: dt.datetime) -> Order:
    """Step: open the order of a registration that costs something."""
    require_transaction()
    event, customer = registration.event, registration.customer
    product = product_of(event.site.seller)
    if product is None or customer is None:
        raise NotSold
    line = open_order(
        customer=customer,
        seller=event.site.seller,
        site_code=event.site.code,
        lines=[_line(registration, event, product, customer)],
        by=registration.user,
        expires_at=expires_at,
        now=now,
    )[0]
    registration.line, registration.refunded_until = line, event.refunded_until
    return line.order


def _line(registration: Registration, event: Event, product: Product, customer: Customer) -> NewLine:
    """The line as the invoice will word it, in the customer's language."""
    local = event.local
    with override(customer.language):
        said = day(local.start.date(), customer.language, year=True)
        when = f"{said}, {plain(hours(local.start, local.end, customer.language))}"
        kind = registration.ticket.name
    return NewLine(
        kind=LINE_KIND,
        product=product,
        label=event.title[:160],
        detail=", ".join(part for part in (when, kind) if part)[:200],
        quantity=Decimal(registration.seats),
        unit="seat",
        unit_price=registration.unit_price,
        supplied_on=local.start.date(),
    )
