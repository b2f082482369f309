"""Cancelling one's registration: what is given back, and who is served then."""

from datetime import datetime, timedelta
from decimal import Decimal

from billing.models import Order, OrderLine
from billing.money import ZERO
from billing.orders.services import lock
from billing.settlement.services import give_up, reverse_line
from events.errors import NotActive, TooLate
from events.models import Event, Registration
from events.services.freeing import call_off
from events.services.seats import lock_event, lock_registration
from members.models import User
from members.transactions import own_transaction

LEAVING = (Registration.State.WAITING, *Registration.ACTIVE)


def refunded_until(event: Event) -> datetime:
    """Until when cancelling gives everything back."""
    return event.starts_at - timedelta(hours=event.refund_hours)


def kept_at(registration: Registration, now: datetime) -> Decimal:
    """Euros that cancelling at `now` keeps: nothing until the event's limit, everything after it."""
    line = registration.line
    if line is None or line.state != OrderLine.State.FULFILLED:
        return ZERO
    return ZERO if now <= refunded_until(registration.event) else line.amount_incl


class _OfferedMeanwhile(Exception):
    """Between reading a registration and locking it, an offer gave it an order, which is locked first."""


def cancel_registration(
    *, registration: Registration, now: datetime, by: User | None = None, waive: bool = False
) -> Registration:
    """Leave an event, or its waiting list: seats go to who waits, credit note and refund follow the limit.

    `waive`, for who runs the event, gives everything back whatever the hour.
    """
    try:
        return _cancel(registration, now=now, by=by, waive=waive)
    except _OfferedMeanwhile:
        return _cancel(registration, now=now, by=by, waive=waive)  # an order never changes: once is enough


@own_transaction
def _cancel(registration: Registration, *, now: datetime, by: User | None, waive: bool) -> Registration:
    line = OrderLine.objects.select_related("order").filter(registration=registration).first()
    order = lock(line.order) if line is not None else None
    event = lock_event(registration.event)
    found = lock_registration(registration)
    if found.line_id != (line.pk if line is not None else None):
        raise _OfferedMeanwhile
    if found.state not in LEAVING:
        raise NotActive
    if event.starts_at <= now and not waive:
        raise TooLate
    return undo(found, order, kept=ZERO if waive else kept_at(found, now), by=by, now=now)


def undo(
    registration: Registration,
    order: Order | None,
    *,
    kept: Decimal,
    by: User | None,
    now: datetime,
    tell: bool = True,
) -> Registration:
    """Step: take a registration back with what was ordered; order, event and registration are locked."""
    if order is not None and order.state == Order.State.OPEN:
        give_up(order, now=now)  # its line calls `call_off`, through the registry
        return lock_registration(registration)
    if registration.line is not None and order is not None and order.state == Order.State.ACCEPTED:
        reverse_line(line=registration.line, kept=kept, by=by, now=now)
    return call_off(registration, now=now, tell=tell)
