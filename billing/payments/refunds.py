"""Giving money back: asked for with the decision, sent to Stripe afterwards, noticed when it fails."""

import datetime as dt
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from billing.errors import MoreThanRemains
from billing.models import Allocation, Anomaly, Document, Payment, PaymentEvent, Refund
from billing.orders.services import lock
from billing.payments import ledger
from billing.payments import stripe_gateway as gateway
from billing.payments.anomalies import notice
from billing.payments.answers import RefundAnswer
from billing.payments.errors import GatewayRefused, GatewayUnavailable
from members.errors import WrongState
from members.models import User
from members.nudging import nudge
from members.transactions import own_transaction, require_transaction

SEND = "billing.tasks.send_refunds"
LEASE = dt.timedelta(minutes=2)
LONGEST_WAIT = dt.timedelta(hours=6)
LOOK_AGAIN = dt.timedelta(hours=12)
STATES = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
ARROWS = {
    Refund.State.REQUESTED: {Refund.State.PENDING, Refund.State.SUCCEEDED, Refund.State.FAILED},
    Refund.State.PENDING: {Refund.State.SUCCEEDED, Refund.State.FAILED},
    Refund.State.SUCCEEDED: {Refund.State.FAILED},
}


def request_refund(
    payment: Payment,
    amount: Decimal,
    *,
    reason: Refund.Reason,
    now: dt.datetime,
    by: User | None = None,
    credit_note: Document | None = None,
    again_of: Refund | None = None,
) -> Refund:
    """Step: record that `amount` euros of `payment` are to be given back, never more than it brought.

    What was paid by card goes out by Celery; what was taken at the desk waits there for the manager. Above
    the limit of the seller both wait for a word of the treasurer; another try of what she approved does not.
    """
    require_transaction()
    left = Payment.objects.filter(pk=payment.pk, refunded__lte=F("amount") - amount)
    if amount <= 0 or not left.update(refunded=F("refunded") + amount):
        raise MoreThanRemains
    needs = (again_of is None or not again_of.needs_approval) and _is_above_limit(payment, amount)
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=reason,
        credit_note=credit_note,
        again_of=again_of,
        requested_at=now,
        requested_by=by,
        next_try_at=now,
        needs_approval=needs,
    )
    if not payment.at_desk and not needs:
        transaction.on_commit(partial(nudge, SEND), robust=True)
    return refund


def _is_above_limit(payment: Payment, amount: Decimal) -> bool:
    limit = payment.order.seller.refund_approval_above
    return limit is not None and amount > limit


def refund_payment(refund_id: int, now: dt.datetime) -> Refund | None:
    """Process: ask Stripe for a refund, or how it stands; the same key makes every try the same refund."""
    refund = _take(refund_id, now)
    if refund is None:
        return None
    try:
        if refund.stripe_id:
            answer = gateway.retrieve_refund(refund.stripe_id)
        else:
            answer = gateway.create_refund(
                payment_intent_id=refund.payment.intent_id,
                amount=refund.amount,
                reference=str(refund.pk),
                idempotency_key=refund.idempotency_key,
            )
    except GatewayUnavailable:
        return refund
    except GatewayRefused as refusal:
        if refund.stripe_id:
            return refund
        return apply_refusal(refund, str(refusal), now=now)
    return apply_answer(refund, answer, now=now)


@own_transaction
def _take(refund_id: int, now: dt.datetime) -> Refund | None:
    """Record that a refund is about to be asked for, so that no other worker asks meanwhile."""
    due = Refund.objects.due_at(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
    refund = due.select_related("payment__order").filter(pk=refund_id).first()
    if refund is None:
        return None
    refund.tries += 1
    wait = LOOK_AGAIN if refund.stripe_id else min(LEASE * refund.tries, LONGEST_WAIT)
    refund.next_try_at = now + wait
    refund.save(update_fields=["tries", "next_try_at"])
    return refund


def apply_answer(refund: Refund, answer: RefundAnswer, *, now: dt.datetime) -> Refund:
    """Record what Stripe says of a refund, if it is a step forward."""
    state = STATES.get(answer.status, Refund.State.PENDING)
    return _apply(refund, state, answer.id, answer.failure_reason, now)


def apply_refusal(refund: Refund, error: str, *, now: dt.datetime) -> Refund:
    """Record that Stripe will not refund this."""
    return _apply(refund, Refund.State.FAILED, "", error, now)


@own_transaction
def _apply(refund: Refund, state: Refund.State, stripe_id: str, error: str, now: dt.datetime) -> Refund:
    order = lock(refund.payment.order)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=refund.payment_id)
    payment.order = order
    refund = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
    refund.payment = payment
    before = Refund.State(refund.state)
    refund.stripe_id = stripe_id or refund.stripe_id
    if state in ARROWS.get(before, set()):
        refund.state, refund.error = state, error[:300]
        refund.done_at = None if state == Refund.State.PENDING else now
        _follow(refund, before, now)
    refund.save()
    return refund


def _follow(refund: Refund, before: Refund.State, now: dt.datetime) -> None:
    """Step: write in the chain what moved, and notice what failed."""
    payment = refund.payment
    if refund.state == Refund.State.SUCCEEDED:
        ledger.record(
            PaymentEvent.Kind.REFUNDED, payment=payment, amount=refund.amount, now=now, refund=refund
        )
    if refund.state != Refund.State.FAILED:
        return
    if before == Refund.State.SUCCEEDED:
        ledger.record(
            PaymentEvent.Kind.REFUND_RETURNED, payment=payment, amount=refund.amount, now=now, refund=refund
        )
    Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") - refund.amount)
    notice(
        Anomaly.Kind.REFUND_FAILED,
        key=failure_key(refund),
        now=now,
        order=payment.order,
        detail=refund.error,
    )


FAILURE = "refund-failed:"


def failure_key(refund: Refund) -> str:
    """The anomaly of a refund that did not go out is noticed once by this key."""
    return f"{FAILURE}{refund.pk}"


def failed_refunds() -> QuerySet[Refund]:
    """Refunds that failed and that nobody has tried again."""
    return Refund.objects.filter(state=Refund.State.FAILED, again=None)


def failed_refunds_waiting() -> QuerySet[Refund]:
    """Those a person must still look at: neither tried again nor noted as dealt with."""
    noticed = Anomaly.objects.open().filter(
        key=Concat(Value(FAILURE), Cast(OuterRef("pk"), output_field=CharField()))
    )
    return failed_refunds().filter(Exists(noticed))


@own_transaction
def repay_at_desk(*, refund: Refund, by: User, now: dt.datetime) -> Refund:
    """Record that money taken at the desk was given back there."""
    lock(refund.payment.order)
    locked = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
    payment = Payment.objects.select_related("order__seller").get(pk=refund.payment_id)
    waits = locked.needs_approval and locked.decided_at is None
    if locked.state != Refund.State.REQUESTED or not payment.at_desk or waits:
        raise WrongState
    locked.state, locked.done_at = Refund.State.SUCCEEDED, now
    locked.save(update_fields=["state", "done_at"])
    ledger.record(
        PaymentEvent.Kind.REFUNDED,
        payment=payment,
        amount=locked.amount,
        now=now,
        refund=locked,
        operator=by,
    )
    return locked


@own_transaction
def try_again(*, refund: Refund, by: User, now: dt.datetime) -> Refund:
    """Request a failed refund anew: another try is another row, with a key of its own.

    What a person was to look at is then dealt with. Raises `WrongState`, and writes nothing, when it did not
    fail or has been tried again already: a second press must not give the money back twice.
    """
    lock(refund.payment.order)
    failed = failed_refunds().select_related("payment__order", "credit_note").filter(pk=refund.pk).first()
    if failed is None:
        raise WrongState
    Anomaly.objects.open().filter(key=failure_key(failed)).update(resolved_at=now, resolved_by=by)
    again = request_refund(
        failed.payment,
        failed.amount,
        reason=Refund.Reason(failed.reason),
        now=now,
        by=by,
        credit_note=failed.credit_note,
        again_of=failed,
    )
    Allocation.objects.filter(refund=failed).update(refund=again)
    return again
