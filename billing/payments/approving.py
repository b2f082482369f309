"""A word of the treasurer on refunds above the limit of their seller, before they go out."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import F

from billing.models import Anomaly, Payment, Refund
from billing.orders.services import lock
from billing.payments.anomalies import notice
from billing.payments.refunds import SEND, failure_key
from members.errors import NotAllowed, WrongState
from members.models import User
from members.nudging import nudge
from members.transactions import own_transaction

APPROVE = "billing.approve_refund"


@own_transaction
def approve_refund(*, refund: Refund, by: User, now: dt.datetime) -> Refund:
    """Let a refund that waits go out, by card or over the counter.

    Raises `NotAllowed` to who has not the right, or asked for it themselves, and `WrongState` when it was
    decided already; nothing is written then.
    """
    found = _waiting(refund, by)
    found.decided_at, found.decided_by, found.next_try_at = now, by, now
    found.save(update_fields=["decided_at", "decided_by", "next_try_at"])
    transaction.on_commit(partial(nudge, SEND), robust=True)
    return found


@own_transaction
def refuse_refund(*, refund: Refund, by: User, reason: str, now: dt.datetime) -> Refund:
    """Keep the money, with a reason; somebody has to tell the customer, so that it becomes an anomaly.

    Same refusals as `approve_refund`.
    """
    found = _waiting(refund, by)
    found.state, found.decided_at, found.decided_by = Refund.State.REFUSED, now, by
    found.done_at, found.error = now, reason.strip()[:300]
    found.save(update_fields=["state", "decided_at", "decided_by", "done_at", "error"])
    Payment.objects.filter(pk=found.payment_id).update(refunded=F("refunded") - found.amount)
    notice(
        Anomaly.Kind.REFUND_REFUSED,
        key=failure_key(found),
        now=now,
        order=found.payment.order,
        detail=found.error,
    )
    return found


def _waiting(refund: Refund, by: User) -> Refund:
    """Step: take the locks in their order, and the refund if it still waits for somebody else's word."""
    if not by.has_perm(APPROVE):
        raise NotAllowed
    order = lock(refund.payment.order)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=refund.payment_id)
    payment.order = order
    found = Refund.objects.select_for_update(no_key=True).to_approve().filter(pk=refund.pk).first()
    if found is None:
        raise WrongState
    if found.requested_by_id == by.pk and not by.is_superuser:
        raise NotAllowed
    found.payment = payment
    return found
