"""After the day: a word of thanks the next morning, and what its holder thought of it."""

import logging
from datetime import datetime, timedelta

from bookings.afterwards import TOO_LATE, morning_after
from bookings.errors_ending import FeedbackClosed, NotUnderWay
from bookings.models import RentalFeedback, RentalQuote
from bookings.opinion_form import TEXT_LENGTH
from bookings.services.rentals import telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from bookings.services.rentals.reminding import taken_alone, taking_place
from bookings.services.rentals.staying import HAPPENS, day_of
from bookings.stay import stay_of
from members.transactions import own_transaction

log = logging.getLogger(__name__)

EDITABLE = timedelta(days=14)
"""How long what was said may be said otherwise."""


def thank_due(now: datetime, limit: int = 100) -> int:
    """Thank who rented yesterday, once, a transaction each; says how many."""
    over = taking_place(during__startswith__lte=now, during__endswith__gt=now - TOO_LATE)
    done = 0
    for rental in over.filter(day__thanked_at=None)[:limit]:
        try:
            done += _thank(rental, now=now)
        except Exception:  # one that fails must not keep the others from being thanked
            log.exception("The holder of rental %s could not be thanked", rental.pk)
    return done


@own_transaction
def _thank(rental: RentalQuote, *, now: datetime) -> bool:
    """Owe the thanks of one rental; one that another worker looks at is left to it."""
    found = taken_alone(rental)
    stay = stay_of(found) if found is not None else None
    if found is None or stay is None or now < morning_after(stay.period.end, found.request.site.zone):
        return False
    day = day_of(found)
    if day.thanked_at is not None:
        return False
    day.thanked_at = now
    day.save(update_fields=["thanked_at"])
    telling.owe_thanks(found)
    return True


def is_over(rental: RentalQuote, *, now: datetime) -> bool:
    """Whether it took place, so that there is something to say of it."""
    stay = stay_of(rental) if rental.request.state in HAPPENS else None
    return stay is not None and now >= stay.period.end


def may_change(given: RentalFeedback, *, now: datetime) -> bool:
    """Whether what was said may still be said otherwise."""
    return now < given.at + EDITABLE


@own_transaction
def give_feedback(
    *, rental: RentalQuote, rating: int, again: bool, text: str, now: datetime
) -> RentalFeedback:
    """Keep what who rented thought of it; said again within some days, it replaces what was said.

    Raises `NotUnderWay` where nothing took place, or has yet to end, and `FeedbackClosed` after those days.
    """
    request = lock_request(rental.request)
    found = lock_rental(rental)
    found.request = request
    if not is_over(found, now=now):
        raise NotUnderWay
    given = RentalFeedback.objects.filter(rental=found).first()
    if given is None:
        given = RentalFeedback(rental=found, at=now)
    elif not may_change(given, now=now):
        raise FeedbackClosed
    else:
        given.changed_at = now
    given.rating, given.again, given.text = rating, again, text.strip()[:TEXT_LENGTH]
    given.save()
    return given
