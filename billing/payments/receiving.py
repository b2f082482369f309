"""Writing down what Stripe says of a payment: a step forward, or nothing; never what does not match."""

import datetime as dt

from billing.models import Anomaly, Payment, PaymentEvent
from billing.orders.services import lock
from billing.payments import ledger
from billing.payments import stripe_gateway as gateway
from billing.payments.anomalies import notice
from billing.payments.answers import Session
from members.transactions import own_transaction

MAY_STILL_SUCCEED = (Payment.State.CREATED, Payment.State.PROCESSING, Payment.State.EXPIRED)


def payment_of(session: Session) -> Payment | None:
    """Find the attempt a session pays: by its id, else by the reference we gave it (its answer was lost)."""
    known = Payment.objects.select_related("order__customer", "order__seller")
    payment = known.filter(session_id=session.id).first()
    reference = session.metadata.get("payment", "")
    if payment is None and reference.isdecimal():
        payment = known.filter(pk=int(reference), session_id="", method=Payment.Method.CARD).first()
    return payment


@own_transaction
def note(payment: Payment, session: Session, *, now: dt.datetime) -> Payment:
    """Record a session just read from Stripe; committed by itself, before anything is fulfilled."""
    lock(payment.order)
    payment = (
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__customer", "order__seller")
        .get(pk=payment.pk)
    )
    wrong = _mismatch(payment, session)
    if wrong:
        notice(
            Anomaly.Kind.MISMATCH, key=f"mismatch:{session.id}", now=now, order=payment.order, detail=wrong
        )
        return payment
    if not payment.session_id:
        payment.session_id, payment.session_url = session.id, session.url or ""
    payment.intent_id = session.payment_intent_id or payment.intent_id
    _step_forward(payment, session, now)
    payment.save()
    return payment


def _mismatch(payment: Payment, session: Session) -> str:
    """Say what of a session is not what we asked for; nothing if all is right."""
    order = payment.order
    pairs = {
        "session": (payment.session_id or session.id, session.id),
        "order": (order.public_id, session.client_reference_id),
        "metadata.order": (order.public_id, session.metadata.get("order", "")),
        "amount": (payment.amount, session.amount_total),
        "currency": (payment.currency, session.currency),
        "customer": (order.customer.stripe_id, session.customer_id),
        "livemode": (gateway.key_is_live(), session.livemode),
        "given up and paid": (False, payment.state == Payment.State.FAILED and session.is_paid),
    }
    return "; ".join(f"{name}: {ours} ≠ {theirs}" for name, (ours, theirs) in pairs.items() if ours != theirs)


def _step_forward(payment: Payment, session: Session, now: dt.datetime) -> None:
    created, processing = payment.state == Payment.State.CREATED, payment.state == Payment.State.PROCESSING
    if session.is_paid and payment.state in MAY_STILL_SUCCEED:
        payment.state, payment.succeeded_at = Payment.State.SUCCEEDED, now
        ledger.record(PaymentEvent.Kind.RECEIVED, payment=payment, amount=payment.amount, now=now)
    elif session.status == "expired" and created:
        payment.state = Payment.State.EXPIRED
    elif session.status == "complete" and not session.is_paid:
        if processing and session.payment_intent_status in {"requires_payment_method", "canceled"}:
            payment.state = Payment.State.FAILED
        elif created:
            payment.state = Payment.State.PROCESSING
