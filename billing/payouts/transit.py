"""What was paid by card and is not yet in a payout: the sum that Stripe still holds."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from billing.models import BalanceMovement, Payment, Payout, Refund
from billing.money import ZERO

LATE = dt.timedelta(days=10)
"""Stripe pays out within a week: a payment that waits longer is to be looked at."""
RECEIVED = (Payment.State.SUCCEEDED, Payment.State.DISPUTED, Payment.State.WON, Payment.State.LOST)


@dataclass(frozen=True)
class Transit:
    """What Stripe holds of ours before fees, how much of it is late, what is on its way to the bank."""

    charges: Decimal
    number: int
    refunds: Decimal
    late: Decimal
    late_number: int
    on_its_way: Decimal

    @property
    def held(self) -> Decimal:
        """What is to come of it, before fees."""
        return self.charges - self.refunds


def waiting() -> "QuerySet[Payment]":
    """Payments by card that are in no payout, the oldest first."""
    paid_out = BalanceMovement.objects.filter(payment=OuterRef("pk"), kind=BalanceMovement.Kind.CHARGE)
    rows = Payment.objects.filter(~Exists(paid_out), method=Payment.Method.CARD, state__in=RECEIVED)
    return rows.order_by("succeeded_at", "pk")


def late(now: dt.datetime) -> "QuerySet[Payment]":
    """Those that have waited too long."""
    return waiting().filter(succeeded_at__lte=now - LATE)


def in_transit(now: dt.datetime) -> Transit:
    """Sum it up, in three queries."""
    old = Q(succeeded_at__lte=now - LATE)
    sums = waiting().order_by().aggregate(
        charges=Sum("amount"), number=Count("pk"), late=Sum("amount", filter=old),
        late_number=Count("pk", filter=old),
    )  # fmt: skip
    gone = BalanceMovement.objects.filter(refund=OuterRef("pk"))
    back = Refund.objects.filter(
        ~Exists(gone), state=Refund.State.SUCCEEDED, payment__method=Payment.Method.CARD
    )
    sent = Payout.objects.filter(state=Payout.State.PENDING)
    return Transit(
        charges=sums["charges"] or ZERO,
        number=sums["number"],
        refunds=back.aggregate(sum=Sum("amount"))["sum"] or ZERO,
        late=sums["late"] or ZERO,
        late_number=sums["late_number"],
        on_its_way=sent.aggregate(sum=Sum("amount"))["sum"] or ZERO,
    )
