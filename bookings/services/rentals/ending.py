"""Quotes whose last day is over: their options are free again, both sides are told; by beat."""

import logging
from datetime import datetime

from billing.models import Quote
from billing.quotes import services as quotes
from bookings.models import RentalQuote
from bookings.services.rentals import options, telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from members.transactions import own_transaction

log = logging.getLogger(__name__)


def expire_due(now: datetime, limit: int = 200) -> int:
    """End the quotes that nobody answered in time, a transaction each; says how many."""
    done = 0
    for rental in RentalQuote.objects.over(now).select_related("request")[:limit]:
        try:
            done += _expire(rental, now=now)
        except Exception:  # one that fails must not keep the others' spaces
            log.exception("Quote %s could not be ended", rental.pk)
    return done


@own_transaction
def _expire(rental: RentalQuote, *, now: datetime) -> bool:
    lock_request(rental.request)
    found = lock_rental(rental)
    if found.quote.state != Quote.State.SENT or now < found.quote.valid_until:
        return False
    options.run_out(found, now=now)
    quotes.end(found.quote, Quote.State.EXPIRED, now=now)
    telling.owe_news(found, "expired")
    telling.owe_desk(found, "expired")
    return True
