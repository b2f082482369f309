"""What who asked answers to a quote: yes, with the proof of it, or no."""

from datetime import datetime, time, timedelta

from django.utils import translation

from billing.customers import complete
from billing.models import Order, Quote
from billing.orders.agreeing import must_request_start
from billing.quotes import services as quotes
from billing.quotes.accepting import Advance, Evidence, accept
from bookings.errors_quote import (
    DateGone,
    DateTaken,
    NotStanding,
    OptionBefore,
    OptionInTheWay,
    QuoteOver,
    QuoteSuperseded,
    QuoteWithdrawn,
)
from bookings.models import RentalQuote, RentalRequest
from bookings.period import at
from bookings.quote_words import where_and_when
from bookings.services.rentals import options, second_rank, telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from members.errors import Refused
from members.formats import plain
from members.transactions import own_transaction

State = Quote.State
KIND = "rental_advance"
"""The kind of order lines that ask for an advance on a rental."""
WORKING_DAYS = 3
SATURDAY = 5
WHY: dict[str, type[Refused]] = {
    State.EXPIRED: QuoteOver,
    State.SUPERSEDED: QuoteSuperseded,
    State.WITHDRAWN: QuoteWithdrawn,
}


@own_transaction
def accept_quote(
    *, rental: RentalQuote, evidence: Evidence, now: datetime, start_requested: bool = False
) -> RentalQuote:
    """Accept a quote that stands: the proof is kept, the advance ordered, the request won.

    The spaces are confirmed at once by the quote's rule or where no advance is asked, else kept until the
    advance is due. Sent twice it accepts once. Raises what is said of a quote that stands no more, or
    `DateGone`; nothing is written then.
    """
    complete(rental.quote.customer, evidence.buyer)
    options.clear_the_way(rental, now=now)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    if found.quote.state == State.ACCEPTED:
        return found
    refuse_unless_standing(found, now)
    until = advance_until(found, now=now)
    _have_spaces(found, until=until, now=now)
    order = accept(found.quote, evidence=evidence, advance=_advance(found, until), now=now)
    if order is not None and start_requested:
        order.start_requested_at = now
        order.save(update_fields=["start_requested_at"])
    _keep(found, order, until=until, now=now)
    request.state = RentalRequest.State.WON
    request.save(update_fields=["state"])
    telling.owe_accepted(found)
    return found


def refuse_unless_standing(rental: RentalQuote, now: datetime) -> None:
    """Say why a quote can no longer be answered."""
    quote = rental.quote
    if quote.state != State.SENT:
        raise WHY.get(quote.state, NotStanding)
    if not quote.can_be_accepted(now):
        raise QuoteOver


def _have_spaces(rental: RentalQuote, *, until: datetime, now: datetime) -> None:
    """Step: what was not held, or no longer is, is taken now if it is still free."""
    bookings = options.bookings_of(rental)
    if bookings and all(booking.is_active for booking in bookings):
        return
    try:
        options.hold(rental, until=until, now=now)
    except OptionInTheWay:
        raise OptionBefore from None
    except DateTaken:
        raise DateGone from None


def _advance(rental: RentalQuote, until: datetime) -> Advance:
    with translation.override(rental.quote.language):
        detail = plain(where_and_when(rental))[:200]
    day = rental.period.local(rental.request.site.zone).start.date()
    return Advance(kind=KIND, expires_at=until, supplied_on=day, detail=detail)


def advance_until(rental: RentalQuote, *, now: datetime) -> datetime:
    """Until when an advance may be paid: three working days, as for a transfer, never past the beginning.

    Where the spaces are sure on acceptance it may be paid until then. That is the beginning of setting up,
    or where one accepts later than that, of the rental itself.
    """
    set_up, zone = rental.taken_period.utc.start, rental.request.site.zone
    start = set_up if now < set_up else rental.period.utc.start
    if rental.quote.confirmation == Quote.Confirmation.ON_ACCEPTANCE:
        return start
    day, left = now.astimezone(zone).date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return min(at(day + timedelta(days=1), time(0), zone), start)


def _keep(rental: RentalQuote, order: Order | None, *, until: datetime, now: datetime) -> None:
    """Step: sure at once where the rule says so or nothing is asked, else kept until the advance is due."""
    if order is None or rental.quote.confirmation == Quote.Confirmation.ON_ACCEPTANCE:
        options.confirm(rental, now=now)
    else:
        options.keep(rental, until=until)


def asks_for_start(rental: RentalQuote, *, now: datetime) -> bool:
    """Whether who accepts is a consumer who must ask for a rental that begins before they could withdraw."""
    day = rental.period.local(rental.request.site.zone).start.date()
    return must_request_start(rental.quote.customer, day, now)


@own_transaction
def refuse_quote(*, rental: RentalQuote, reason: str, now: datetime) -> RentalQuote:
    """Say no to a quote, with a reason; who stands in line is served, the manager decides what comes next."""
    lock_request(rental.request)
    found = lock_rental(rental)
    refuse_unless_standing(found, now)
    quotes.end(found.quote, State.REFUSED, now=now, reason=reason)
    second_rank.let_go(found, now=now)
    telling.owe_desk(found, "refused")
    return found
