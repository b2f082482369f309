"""Parts of an order that came by transfer, once it will never be accepted: they go back."""

import datetime as dt

from billing.models import Order, Refund
from billing.payments.keeping import kept_for
from billing.payments.refunds import request_refund
from billing.settlement import telling
from members.models import User


def give_parts_back(order: Order, *, now: dt.datetime, by: User | None = None) -> list[Refund]:
    """Step: ask that what is kept for an order go back, and say so; the caller holds its lock.

    It was never sold: as what is paid beyond, it is no sale in the chain of payments.
    """
    refunds = [
        request_refund(payment, payment.credit, reason=Refund.Reason.OVERPAID, now=now, by=by)
        for payment in kept_for(order)
    ]
    for refund in refunds:
        telling.owe_refunded(refund)
    return refunds
