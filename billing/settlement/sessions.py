"""Payment pages that must close: those nobody should pay any more, and those whose time is up."""

import datetime as dt
import logging

from django.db.models import Exists, OuterRef, Q

from billing.models import Document, Order, Payment
from billing.payments import stripe_gateway as gateway
from billing.payments.errors import GatewayRefused, GatewayUnavailable
from billing.payments.services import cards_are_offered
from billing.settlement.settling import take

log = logging.getLogger(__name__)


def release_sessions(now: dt.datetime, limit: int = 200) -> int:
    """Process: close at Stripe the sessions nobody should pay any more, and record what became of them.

    One that was paid meanwhile is settled: its place is taken back or its money refunded.
    """
    if not cards_are_offered():
        return 0
    owed = Document.objects.owing(OuterRef("amount")).filter(pk=OuterRef("invoice"))
    useless = Q(invoice=None) & ~Q(order__state=Order.State.OPEN) | Q(invoice__isnull=False) & ~Exists(owed)
    over = Payment.objects.filter(state=Payment.State.CREATED, method=Payment.Method.CARD).filter(
        useless | Q(expires_at__lte=now)
    )
    due = list(over.filter(released_at=None).order_by("expires_at")[:limit])
    for payment in due:
        try:
            _release(payment, now)
        except Exception:  # one session that fails must not leave the others open
            log.exception("Session of payment %s could not be closed", payment.pk)
    return len(due)


def _release(payment: Payment, now: dt.datetime) -> None:
    if not payment.session_id:
        _forget(payment, now)
        return
    try:
        take(gateway.expire_session(payment.session_id), now=now)
    except GatewayUnavailable:
        return
    except GatewayRefused as refusal:
        log.warning("Session of payment %s could not be closed: %s", payment.pk, refusal)
    Payment.objects.filter(pk=payment.pk).update(released_at=now)


def _forget(payment: Payment, now: dt.datetime) -> None:
    """Let an attempt whose answer never came expire in its time; if it was paid, its event will say so."""
    Payment.objects.filter(
        pk=payment.pk, state=Payment.State.CREATED, session_id="", expires_at__lte=now
    ).update(state=Payment.State.EXPIRED, released_at=now)
