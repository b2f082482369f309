"""Sending refunds out, and saying so when one comes back."""

import datetime as dt
import logging

from billing.models import Refund
from billing.payments.refunds import refund_payment
from billing.payments.services import cards_are_offered
from billing.settlement.inbox import tell_failure

log = logging.getLogger(__name__)


def send_due(now: dt.datetime, limit: int = 200) -> int:
    """Process: ask Stripe for the refunds that are due, one by one."""
    if not cards_are_offered():
        return 0
    due = list(Refund.objects.due_at(now).order_by("next_try_at").values_list("pk", flat=True)[:limit])
    for refund_id in due:
        try:
            refund = refund_payment(refund_id, now)
            if refund is not None:
                tell_failure(refund)
        except Exception:  # one refund that fails must not hold up the others; the next scan tries again
            log.exception("Refund %s could not be looked at", refund_id)
    return len(due)
