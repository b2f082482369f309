"""Cards paid online in the demonstration, and given back, in the words Stripe would have answered with."""

from datetime import datetime, timedelta

from billing.models import Order, Payment, Refund
from billing.payments import stripe_gateway as gateway
from billing.payments.answers import RefundAnswer, Session
from billing.payments.refunds import apply_answer
from billing.settlement.settling import take

SESSION = timedelta(minutes=40)


def pay_online(order: Order, now: datetime) -> None:
    """Somebody went to the payment page and paid; nobody is asked."""
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        method=Payment.Method.CARD,
        amount=order.total,
        started_at=now,
        expires_at=now + SESSION,
        session_id=f"cs_demo_{order.pk}",
    )
    answer = Session(
        id=payment.session_id,
        status="complete",
        payment_status="paid",
        amount_total=payment.amount,
        currency=payment.currency,
        url=None,
        expires_at=now + SESSION,
        client_reference_id=order.public_id,
        metadata={"order": order.public_id, "payment": str(payment.pk)},
        customer_id=order.customer.stripe_id,
        payment_intent_id=f"pi_demo_{payment.pk}",
        payment_intent_status="succeeded",
        livemode=gateway.key_is_live(),
    )
    take(answer, now=now)


def give_back(order: Order, now: datetime) -> None:
    """What was asked to go back to a card of this order went."""
    asked = Refund.objects.approved().filter(
        payment__order=order, payment__method=Payment.Method.CARD, state=Refund.State.REQUESTED
    )
    for refund in asked.select_related("payment__order"):
        answer = RefundAnswer(
            id=f"re_demo_{refund.pk}",
            status="succeeded",
            amount=refund.amount,
            failure_reason="",
            payment_intent_id=refund.payment.intent_id,
            metadata={"refund": str(refund.pk)},
        )
        apply_answer(refund, answer, now=now)
