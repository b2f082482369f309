"""Giving money back: asked for with the decision, sent to Stripe afterwards, noticed when it fails."""

import datetime as dt
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import F

from billing.errors import MoreThanRemains
from billing.models import Document, Payment, Refund
from members.models import User
from members.nudging import nudge
from members.transactions import require_transaction

SEND = "billing.tasks.send_refunds"


def request_refund(
    payment: Payment,
    amount: Decimal,
    *,
    reason: Refund.Reason,
    now: dt.datetime,
    by: User | None = None,
    credit_note: Document | None = None,
) -> Refund:
    """Step: record that `amount` euros of `payment` are to be given back, never more than it brought.

    What was paid by card goes out by Celery; what was taken at the desk waits there for the manager.
    """
    require_transaction()
    left = Payment.objects.filter(pk=payment.pk, refunded__lte=F("amount") - amount)
    if amount <= 0 or not left.update(refunded=F("refunded") + amount):
        raise MoreThanRemains
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=reason,
        credit_note=credit_note,
        requested_at=now,
        requested_by=by,
        next_try_at=now,
    )
    if not payment.at_desk:
        transaction.on_commit(partial(nudge, SEND), robust=True)
    return refund
