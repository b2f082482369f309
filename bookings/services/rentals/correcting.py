"""Saying anew who is invoiced for a rental, on the manager's word."""

from collections.abc import Mapping
from datetime import datetime

from billing.models import Quote
from billing.quotes import buyers
from bookings.errors_ending import NotUnderWay
from bookings.models import RentalQuote, RentalRequest
from bookings.services.rentals.balancing import lock_advance
from bookings.services.rentals.quoting import lock_rental, lock_request
from members.models import User
from members.transactions import own_transaction


@own_transaction
def correct_buyer(*, rental: RentalQuote, said: Mapping[str, str], by: User, now: datetime) -> RentalQuote:
    """Correct who is invoiced, until the final invoice is made; what was issued keeps its words.

    Raises `NotUnderWay` where nothing is left to invoice.
    """
    lock_advance(rental)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    if request.state != RentalRequest.State.WON or found.quote.state != Quote.State.ACCEPTED:
        raise NotUnderWay
    buyers.correct_buyer(found.quote, said, by=by, now=now)
    return found
