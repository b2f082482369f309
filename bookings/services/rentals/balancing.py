"""The balance of a rental: its order on invoice, and the final invoice less the advance."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.documents.deducting import left_of
from billing.documents.discounting import Discount
from billing.documents.services import vat_rows_of
from billing.documents.sums import rate
from billing.errors import AdvanceBeyondInvoice
from billing.fulfilment import Summary
from billing.models import Document, DocumentKind, DocumentLine, Order, OrderLine, Product, Quote, Seller
from billing.models.document import DocumentQuerySet
from billing.money import ZERO, Amounts, total_of
from billing.orders.services import NewLine, lock, place_order
from billing.quotes.offers import OfferedLine
from billing.settlement.correcting import credit_excess, excess_on
from billing.settlement.services import Ending, accept
from bookings.errors_ending import (
    AdvanceAwaited,
    BalanceChanged,
    NothingReserved,
    NothingToInvoice,
    NotOverYet,
    NotUnderWay,
)
from bookings.models import Booking, RentalBalance, RentalQuote, RentalRequest
from bookings.quote_words import period_said, rental_where
from bookings.services.rentals import telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from bookings.stay import period_of
from members.models import User
from members.transactions import own_transaction

KIND = "rental_balance"
"""The kind of order lines that ask for what a rental came to in the end."""
LETTING_ACCOUNT, OUTSIDE_VAT_ACCOUNT = "708300", "758000"
"""Room letting; compensation for damages (billing.md §6; to be confirmed by the accountant)."""
NO_RATE = Decimal("0.00")


@own_transaction
def make_balance(
    *,
    rental: RentalQuote,
    lines: Sequence[OfferedLine],
    by: User | None,
    now: datetime,
    before_end: bool = False,
    purchase_order: str | None = None,
    excess_shown: Decimal = ZERO,
    left_shown: Decimal | None = None,
) -> RentalBalance:
    """Invoice what a rental came to, less its advance: the request is done, who asked has the invoice.

    `lines` are the quote's and what came on top; the quote's discount stays. `before_end` is the manager's
    word that the day need not be over, `purchase_order` the number of a public body where it is not the one
    the quote was accepted with. `excess_shown` is what she read that the advance is too much (euros, with
    VAT): it is credited and given back first; `left_shown` what she read is left to pay, where somebody
    read it. Made twice it is made once. Raises what `bookings.errors_ending` says, or
    `DiscountBeyondInvoice`, or `AdvanceBeyondInvoice` where the excess is not what was read; nothing is
    written then.
    """
    advance = lock_advance(rental)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    made = RentalBalance.objects.select_related("order").filter(rental=found).first()
    if made is not None:
        return made
    _check(found, request, advance, lines, now=now, before_end=before_end)
    order = _order(found, lines, by=by, now=now)
    order.purchase_order = found.quote.purchase_order if purchase_order is None else purchase_order
    order.agreed_buyer = found.quote.buyer.words
    order.save(update_fields=["purchase_order", "agreed_buyer"])
    balance = RentalBalance.objects.create(rental=found, order=order, made_by=by, made_at=now)
    request.state, request.closed_at = RentalRequest.State.DONE, now
    request.save(update_fields=["state", "closed_at"])
    advances, discount = advances_of(found.quote), discount_of(found.quote)
    excess = excess_on(advances, [line.priced for line in lines], discount)
    if sum_of(excess) != excess_shown:
        raise AdvanceBeyondInvoice
    if left_shown is not None and left_to_pay(found.quote, lines, sum_of(excess)) != left_shown:
        raise BalanceChanged
    credit_excess(excess, by=by, now=now)
    ending = Ending([each for each in advances if _stands_for_something(each)], discount)
    accept(order, means=Order.Means.TERMS, now=now, ending=ending)
    return balance


def sum_of(excess: Mapping[DocumentLine, Amounts]) -> Decimal:
    """In euros with VAT."""
    return sum((amounts.incl for amounts in excess.values()), ZERO)


def left_to_pay(quote: Quote, lines: Sequence[OfferedLine], excess: Decimal) -> Decimal:
    """What a balance of these lines asks for once the advance is deducted, less what of it is too much."""
    rows = vat_rows_of([line.priced for line in lines], discount_of(quote))
    return total_of(rows).incl - advanced_of(quote) + excess


def advanced_of(quote: Quote) -> Decimal:
    """What of the advance may be deducted, in euros with VAT."""
    left = (row for advance in advances_of(quote) for row in left_of(advance))
    return sum((row.base + row.vat for row in left), ZERO)


def _stands_for_something(advance: Document) -> bool:
    return any(row.base or row.vat for row in left_of(advance))


def lock_advance(rental: RentalQuote) -> Order | None:
    """Step: orders are locked before requests; read anew, it cannot be paid meanwhile."""
    order = Order.objects.filter(quote=rental.quote_id).first()
    return lock(order) if order is not None else None


def _check(
    rental: RentalQuote,
    request: RentalRequest,
    advance: Order | None,
    lines: Sequence[OfferedLine],
    *,
    now: datetime,
    before_end: bool,
) -> None:
    if request.state != RentalRequest.State.WON or rental.quote.state != Quote.State.ACCEPTED:
        raise NotUnderWay
    if advance is not None and advance.state == Order.State.OPEN:
        raise AdvanceAwaited
    if not rental.options.filter(booking__state=Booking.State.CONFIRMED).exists():
        raise NothingReserved
    if not lines:
        raise NothingToInvoice
    if not before_end and now < period_of(rental).end:
        raise NotOverYet


def advances_of(quote: Quote) -> list[Document]:
    """The advance invoices of a quote."""
    return list(Document.objects.filter(order=quote.advance_order_id, kind=DocumentKind.ADVANCE))


def documents_of(request: RentalRequest) -> DocumentQuerySet:
    """Everything that was issued for a request: advance, balance, credit notes."""
    advance, balance = (
        Q(order__quote__rental__request=request),
        Q(order__rental_balance__rental__request=request),
    )
    return Document.objects.filter(advance | balance)


def discount_of(quote: Quote) -> Discount | None:
    """The quote's discount, over what the quote says at each rate: what came on top has no part in it."""
    if not quote.discount_excl:
        return None
    over: dict[Decimal, Decimal] = {}
    for line in quote.lines.all():
        over[line.vat_rate] = over.get(line.vat_rate, ZERO) + line.before_discount
    return Discount(quote.discount_excl, quote.discount_label, over)


def _order(rental: RentalQuote, lines: Sequence[OfferedLine], *, by: User | None, now: datetime) -> Order:
    quote, day = rental.quote, period_of(rental).local(rental.request.site.zone).start.date()
    return place_order(
        customer=quote.customer,
        seller=quote.seller,
        site_code=quote.site_code,
        lines=[
            NewLine(
                kind=KIND,
                product=line.product or _free_product(quote.seller, line.rate),
                label=line.label,
                detail=line.detail,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                supplied_on=day,
                agreed=line.priced,
            )
            for line in lines
        ],
        by=by,
        expires_at=None,
        now=now,
    )


def _free_product(seller: Seller, at_rate: Decimal) -> Product:
    """Step: the article of what is said freely, one a rate; made the first time.

    What a seller who charges VAT asks without it is compensation for damages, which is outside VAT.
    """
    outside = seller.charges_vat and at_rate == NO_RATE
    code = "location-hors-tva" if outside else "location-libre-" + f"{at_rate:.2f}".replace(".", "-")
    name, name_en = f"Location, TVA {rate(at_rate, 'fr')}", f"Rental, VAT {rate(at_rate, 'en')}"
    defaults = {
        "name": "Dégâts, hors TVA" if outside else name,
        "name_en": "Damages, outside VAT" if outside else name_en,
        "vat_rate": at_rate,
        "price_basis": "ht",
        "revenue_account": OUTSIDE_VAT_ACCOUNT if outside else LETTING_ACCOUNT,
        "report_category": "locations",
        "is_active": False,
    }
    return Product.objects.get_or_create(seller=seller, code=code, defaults=defaults)[0]


class RentalBalances:
    """The handler of lines of kind "rental_balance"; they are accepted as they are ordered."""

    def accept(self, line: OrderLine, *, now: datetime) -> bool:
        """Step: it was given already."""
        return True

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: datetime) -> bool:
        """Step: owe the final invoice to who asked, once for all lines."""
        telling.owe_done(_of(line), document)
        return document is not None

    def expire(self, line: OrderLine, *, now: datetime) -> None:
        """Step: nothing is held."""

    def cancel(self, line: OrderLine, *, now: datetime) -> None:
        """Step: nothing is held."""

    def prolong(self, line: OrderLine, *, until: datetime) -> None:
        """Step: nothing is held."""

    def summary(self, line: OrderLine) -> Summary:
        """Say what is to be paid, on the pay page."""
        rental = _of(line)
        return Summary(
            when=period_said(rental, period_of(rental)),
            title=line.label,
            note=rental_where(rental),
            hold_label=_("À payer avant"),
        )

    def page(self, line: OrderLine) -> str:
        """The private page of the request."""
        return _of(line).request.get_absolute_url()


def _of(line: OrderLine) -> RentalQuote:
    return RentalQuote.objects.told().get(balance__order=line.order_id)
