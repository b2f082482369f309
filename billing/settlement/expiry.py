"""Orders whose time is up: what they held is free again, on demand and by beat."""

import datetime as dt
import logging

from billing import fulfilment
from billing.models import Order, Payment
from billing.orders.services import lock
from billing.payments.releasing import release_soon
from billing.payments.services import GRACE
from members.transactions import own_transaction, require_transaction

log = logging.getLogger(__name__)


def expire_due(now: dt.datetime, limit: int = 500) -> int:
    """Expire the open orders whose time is up, one transaction each, unless a payment is on its way."""
    waiting = Payment.objects.on_their_way().values("order")
    due = Order.objects.expired_at(now).exclude(pk__in=waiting).order_by("expires_at")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        try:
            done += _expire_one(pk, now)
        except Exception:  # one order that fails must not keep the others' places
            log.exception("Order %s could not be expired", pk)
    return done


@own_transaction
def _expire_one(pk: int, now: dt.datetime) -> int:
    order = (
        Order.objects.expired_at(now).select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    )
    if order is None:
        return 0
    return int(expire_if_due(order, now))


def expire_if_due(order: Order, now: dt.datetime) -> bool:
    """Step: end an order whose time is up; what a caller saw of it before its lock may be true no more.

    It may have been prolonged since, and an order whose payment is on its way keeps its place.
    """
    order = lock(order)
    over = order.state == Order.State.OPEN and order.expires_at is not None and order.expires_at <= now
    if not over or order.payments.on_their_way().exists():
        return False
    _end(order, now)
    return True


def expire_now(order: Order, now: dt.datetime) -> None:
    """Step: end an open order and free what it held; its lines stay, for a payment may still land."""
    require_transaction()
    order = lock(order)
    if order.state == Order.State.OPEN:
        _end(order, now)


def _end(order: Order, now: dt.datetime) -> None:
    """Step: the order is over, whose lock the caller holds."""
    order.state = Order.State.EXPIRED
    order.save(update_fields=["state"])
    for line in order.lines.order_by("position"):
        fulfilment.handler_of(line).expire(line, now=now)
    release_soon(order)


def expire_if_idle(order: Order, *, now: dt.datetime) -> None:
    """Step: end an order that waited for a card and for which no payment lives any more.

    One that is kept longer than its last payment page was, such as an offer to who waited, may be paid anew.
    """
    last = order.payments.order_by("-attempt").first()
    if last and last.expires_at and order.expires_at and order.expires_at > last.expires_at + GRACE:
        return
    living = order.payments.filter(state__in=[Payment.State.CREATED, Payment.State.PROCESSING])
    received = order.payments.received()
    if order.means == Order.Means.CARD and not living.exists() and not received.exists():
        expire_now(order, now)
