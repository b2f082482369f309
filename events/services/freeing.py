"""The one way in which seats become free: whoever waits for them is served first."""

import logging
from datetime import datetime

from billing.models import Order
from billing.settlement import expiry
from events.models import Event, Registration
from events.services import telling
from events.services.seats import free_seats, lock_event, lock_registration
from events.services.waiting import serve
from members.transactions import own_transaction, require_transaction

log = logging.getLogger(__name__)


def expire(registration: Registration, *, now: datetime) -> None:
    """Step: end a hold or an offer, its event and its row locked; the seats go to who waits."""
    require_transaction()
    if registration.state != Registration.State.HELD:
        return
    was_offer = registration.is_offer
    registration.state, registration.held_until = Registration.State.EXPIRED, None
    registration.save(update_fields=["state", "held_until"])
    _pass_on(registration, now=now)
    if registration.event.is_cancelled:
        telling.owe_event_cancelled(registration)
    elif was_offer:
        telling.owe_offer_over(registration)


def call_off(registration: Registration, *, now: datetime, tell: bool = True) -> Registration:
    """Step: the registration is cancelled, its seats go to who waits; event and row are locked."""
    require_transaction()
    had_seats, was_confirmed = registration.is_active, registration.state == Registration.State.CONFIRMED
    registration.state, registration.cancelled_at = Registration.State.CANCELLED, now
    registration.held_until = None
    registration.sequence += 1
    registration.save(update_fields=["state", "cancelled_at", "held_until", "sequence"])
    if had_seats:
        _pass_on(registration, now=now)
    if tell and was_confirmed:
        telling.owe_cancelled(registration)
    return registration


def _pass_on(registration: Registration, *, now: datetime) -> None:
    free_seats(registration)
    serve(lock_event(registration.event), now=now)


def expire_in_the_way(event: Event, *, now: datetime) -> None:
    """Step: end the holds of an event whose time is up: their orders are locked by id, only then the event.

    Each is looked at again under its lock: it may have been prolonged, or paid, meanwhile.
    """
    require_transaction()
    overdue = Registration.objects.filter(event=event).overdue(now)
    ids = list(overdue.filter(line__isnull=False).values_list("line__order", flat=True))
    orders = list(
        Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    )
    for order in orders:
        expiry.expire_if_due(order, now)
    lock_event(event)
    for registration in overdue.filter(line=None).order_by("pk"):
        expire_if_due(registration, now=now)


def expire_if_due(registration: Registration, *, now: datetime) -> bool:
    """Step: end a hold without an order whose time is up; the event is locked by the caller."""
    found = lock_registration(registration)
    over = found.state == Registration.State.HELD and found.held_until is not None and found.held_until <= now
    if not over or found.line_id is not None:
        return False
    expire(found, now=now)
    return True


def expire_offers(*, now: datetime, limit: int = 500) -> int:
    """End the offers without an order whose time is up, an event at a time; says how many."""
    due = Registration.objects.overdue(now).filter(line=None).order_by("event", "pk")
    done = 0
    for registration in due.select_related("event")[:limit]:
        try:
            done += _expire_offer(registration, now=now)
        except Exception:  # one that fails must not keep the others' seats
            log.exception("Registration %s could not be expired", registration.pk)
    return done


@own_transaction
def _expire_offer(registration: Registration, *, now: datetime) -> bool:
    lock_event(registration.event)
    return expire_if_due(registration, now=now)
