"""From a payment that succeeded to an accepted order or a refund, in one transaction that may be repeated."""

import datetime as dt
import logging
from contextlib import suppress

from billing.models import Allocation, Order, Payment, Refund
from billing.orders.services import lock
from billing.payments import stripe_gateway as gateway
from billing.payments.answers import Session
from billing.payments.errors import GatewayRefused, GatewayUnavailable
from billing.payments.keeping import kept_for
from billing.payments.receiving import note, payment_of
from billing.payments.refunds import request_refund
from billing.settlement import telling
from billing.settlement.expiry import expire_if_idle
from billing.settlement.services import ACCEPTABLE, accept
from members.inserting import insert
from members.transactions import own_transaction

log = logging.getLogger(__name__)

BATCH = 500


def read_return(*, order: Order, session_id: str, now: dt.datetime) -> Order:
    """Process: someone is back from the payment page; read the session once and do what the webhook does.

    Nothing is believed from the address: a session that is not this order's is not even read.
    """
    if session_id and order.payments.filter(session_id=session_id).exists():
        with suppress(GatewayUnavailable, GatewayRefused):  # then the webhook or the scan will tell
            take_session(session_id, now=now)
    order.refresh_from_db()
    return order


def take_session(session_id: str, *, now: dt.datetime) -> Payment | None:
    """Process: read a session anew from Stripe, record it, then settle or free; None when it is not ours."""
    return take(gateway.retrieve_session(session_id), now=now)


def take(session: Session, *, now: dt.datetime) -> Payment | None:
    """Process: record a session just read, then settle or free what hangs on it."""
    payment = payment_of(session)
    if payment is None:
        return None
    payment = note(payment, session, now=now)
    if payment.state == Payment.State.SUCCEEDED and payment.settled_at is None:
        settle(payment.pk, now=now)
    elif payment.state in {Payment.State.EXPIRED, Payment.State.FAILED}:
        free(payment, now=now)
    return payment


@own_transaction
def settle(payment_id: int, *, now: dt.datetime) -> None:
    """Accept the order a payment pays, or give the money back and say so; twice is once."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    order = lock(payment.order)
    payment = (
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__seller")
        .get(pk=payment_id)
    )
    if payment.state != Payment.State.SUCCEEDED or payment.settled_at is not None:
        return
    payment.settled_at = now
    payment.save(update_fields=["settled_at"])
    if order.state in ACCEPTABLE:
        accept(order, means=Order.Means.CARD, now=now, payment=payment, kept=kept_for(order))
    elif order.state == Order.State.ACCEPTED:
        _set_against_invoice(order, payment, now=now)
    else:
        telling.owe_refunded(request_refund(payment, payment.amount, reason=Refund.Reason.GIVEN_UP, now=now))


def _set_against_invoice(order: Order, payment: Payment, *, now: dt.datetime) -> None:
    """Step: the order was accepted before: pay what its invoice owes by now, give the rest back."""
    owed = order.documents.unpaid()
    invoice = (owed.filter(pk=payment.invoice_id) if payment.invoice_id else owed).first()
    part = min(invoice.owed, payment.amount) if invoice else 0
    if invoice and part:
        insert(Allocation(document=invoice, payment=payment, amount=part, at=now))
    rest = payment.amount - part
    if rest:
        telling.owe_refunded(request_refund(payment, rest, reason=Refund.Reason.DOUBLE, now=now))


def settle_due(now: dt.datetime, limit: int = BATCH) -> int:
    """Settle the payments that succeeded and that a worker that died left behind."""
    due = list(Payment.objects.unsettled().order_by("succeeded_at").values_list("pk", flat=True)[:limit])
    for payment_id in due:
        try:
            settle(payment_id, now=now)
        except Exception:  # one payment that fails must not hold up the others; the next scan tries again
            log.exception("Payment %s could not be settled", payment_id)
    return len(due)


@own_transaction
def free(payment: Payment, *, now: dt.datetime) -> None:
    """A payment came to nothing: its order expires unless another payment lives; who waited is told."""
    order = lock(payment.order)
    if payment.state == Payment.State.FAILED and payment.session_id:
        telling.owe_payment_refused(order, payment_id=payment.pk)
    expire_if_idle(order, now=now)
