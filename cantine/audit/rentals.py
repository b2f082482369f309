"""Invariants 2, 3 and 7 for rentals: quotes hold their spaces, prove what was accepted, and end in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from billing.chain import digest
from billing.models import Allocation, DocumentKind, Order, Payment, Quote
from billing.money import ZERO
from billing.quotes.services import content
from bookings.models import Booking, RentalBalance, RentalCancellation, RentalQuote, RentalRequest
from cantine.audit.late import LATE

FORGETTING = timedelta(days=1)
"""How late the hourly look for requests to forget may be before the audit says so."""


def requesters_kept_too_long(now: datetime) -> Iterator[str]:
    """Nothing says who asked to rent for a day of long ago."""
    for pk in RentalRequest.objects.to_forget(now - FORGETTING).values_list("pk", flat=True):
        yield f"rental request {pk} still says who asked"


def quotes_out_of_step(now: datetime) -> Iterator[str]:
    """A quote that stands holds its spaces, a paid one has them, and one that is over holds none."""
    for rental in RentalQuote.objects.told().prefetch_related("options__booking"):
        states = {option.booking.state if option.booking else "" for option in rental.options.all()}
        wanted = _wanted(rental, now)
        if wanted and not states <= wanted:
            yield f"quote {rental} is {rental.quote.state} and its spaces are {', '.join(sorted(states))}"


def _wanted(rental: RentalQuote, now: datetime) -> set[str]:
    """In which states its bookings may be; nothing where any may."""
    quote, held = rental.quote, Booking.State.HELD
    if quote.state == Quote.State.SENT:
        if rental.shares_date:
            return {""}
        return {held} if now < quote.valid_until else {held, Booking.State.EXPIRED}
    if quote.state == Quote.State.ACCEPTED:
        order = quote.advance_order
        if order is None or order.state == Order.State.ACCEPTED:
            return {Booking.State.CONFIRMED, Booking.State.CANCELLED}
        return set()
    return {Booking.State.CANCELLED, Booking.State.EXPIRED, ""}


def quotes_that_contradict_themselves() -> Iterator[str]:
    """Lines add up to the total, and what was accepted is what the quote still says."""
    for quote in Quote.objects.prefetch_related("lines"):
        lines = sum((line.amount_incl for line in quote.lines.all()), ZERO)
        if lines != quote.total_incl:
            yield f"quote {quote} says {quote.total_incl} and its lines {lines}"
        if quote.state == Quote.State.ACCEPTED and digest(content(quote)) != quote.accepted_sha256:
            yield f"quote {quote} is not what was accepted"


def rentals_that_ended_otherwise() -> Iterator[str]:
    """What is over has its balance, what was called off its cancellation; both agree with the documents."""
    won = RentalQuote.objects.filter(quote__state=Quote.State.ACCEPTED).select_related(
        "request", "quote__advance_order", "balance__order", "cancellation"
    )
    for rental in won.prefetch_related("quote__advance_order__documents", "balance__order__documents"):
        balance, off = getattr(rental, "balance", None), getattr(rental, "cancellation", None)
        state, advance = rental.request.state, rental.quote.advance_order
        given_up = advance is not None and advance.state == Order.State.CANCELLED
        called_off = off is not None and state == RentalRequest.State.CANCELLED  # after its balance, perhaps
        if (balance is not None) != (state == RentalRequest.State.DONE) and not called_off:
            yield f"rental {rental} is {state}, {'with' if balance else 'without'} a balance"
        if off is not None and state != RentalRequest.State.CANCELLED:
            yield f"rental {rental} is {state} and was cancelled"
        if off is None and state == RentalRequest.State.CANCELLED and not given_up:
            yield f"rental {rental} is cancelled, and nothing says what that came to"
        if off is not None and off.paid > _received(advance, balance):
            yield f"rental {rental} was cancelled on {off.paid} paid, {_received(advance, balance)} came in"
        if balance is not None and not _is_invoiced(balance.order, rental.quote):
            yield f"rental {rental}: its balance is not the invoice of its order"
    for pk in RentalCancellation.objects.exclude(rental__in=won).values_list("pk", flat=True):
        yield f"cancellation {pk} is of a rental that nobody accepted"


def _received(advance: Order | None, balance: RentalBalance | None) -> Decimal:
    """What came in for a rental, credits of other orders too."""
    orders = [order for order in (advance, balance.order if balance else None) if order is not None]
    paying = Allocation.objects.filter(document__order__in=orders, payment__isnull=False)
    received = Payment.objects.received().filter(Q(order__in=orders) | Q(pk__in=paying.values("payment")))
    return sum((payment.amount for payment in received), ZERO)


def _is_invoiced(order: Order, quote: Quote) -> bool:
    kinds = {each.kind for each in order.documents.all()} or {_nothing_of(order)}
    own = order.customer_id == quote.customer_id and order.pk != quote.advance_order_id
    return own and bool(kinds & {DocumentKind.FINAL, DocumentKind.INVOICE})


def _nothing_of(order: Order) -> str:
    """What costs nothing has no invoice."""
    return "" if any(line.amount_incl for line in order.lines.all()) else DocumentKind.INVOICE


def quotes_left_standing(now: datetime) -> Iterator[str]:
    """Quotes whose last day is over were ended."""
    for quote in Quote.objects.over(now - LATE):
        yield f"quote {quote} stands since {quote.valid_until:%Y-%m-%d %H:%M}"
