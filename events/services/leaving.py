"""Cancelling one's registration: what is given back, and who is served then."""

from datetime import datetime
from decimal import Decimal

from billing.models import Order, OrderLine
from billing.money import ZERO
from billing.orders.services import lock
from billing.settlement.services import give_up, reverse_line
from events.errors import HasCome, NotActive, TooLate
from events.models import Event, Registration, Seat
from events.services import telling
from events.services.freeing import call_off
from events.services.seats import lock_event, lock_registration
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction


def refunded_until(registration: Registration) -> datetime:
    """Until when cancelling gives everything back: as was agreed when it was ordered."""
    return registration.refunded_until or registration.event.refunded_until


def kept_at(registration: Registration, now: datetime) -> Decimal:
    """Euros that cancelling at `now` keeps: nothing until the limit agreed, everything after it.

    What was called off by its organisers is given back whatever the hour.
    """
    line = registration.line
    if line is None or line.state != OrderLine.State.FULFILLED or registration.event.is_cancelled:
        return ZERO
    return ZERO if now <= refunded_until(registration) else line.amount_incl


class _OfferedMeanwhile(Exception):
    """Between reading a registration and locking it, an offer gave it an order, which is locked first."""


def cancel_registration(
    *, registration: Registration, now: datetime, by: User | None = None, waive: bool = False
) -> Registration:
    """Leave an event, or its waiting list: seats go to who waits, credit note and refund follow the limit.

    `waive`, for who runs the event, gives everything back whatever the hour. Raises `NotActive`, `TooLate`,
    `HasCome`; nothing is written then.
    """
    if waive and not (by and Event.objects.run_by(by).filter(pk=registration.event_id).exists()):
        raise NotAllowed
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
    if not found.is_standing:
        raise NotActive
    if event.is_cancelled:
        undone = undo(found, order, kept=ZERO, by=by, now=now, tell=False)
        telling.owe_event_cancelled(undone)
        return undone
    if event.starts_at <= now and not waive:
        raise TooLate
    if not waive and Seat.objects.filter(registration=found, attendance__isnull=False).exists():
        raise HasCome
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
