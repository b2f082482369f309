"""What a payer's bank took back of a payment, as Stripe's balance says it."""

from decimal import Decimal

from django.db.models import Q, Sum

from billing.models import BalanceMovement, Payment
from billing.money import ZERO


def disputed(payment: Payment) -> Decimal:
    """Euros that disputes took of a payment and did not give back; what is given back names its dispute."""
    rows = BalanceMovement.objects.filter(kind=BalanceMovement.Kind.DISPUTE)
    named = rows.filter(payment=payment).exclude(source_id="").values("source_id")
    mine = rows.filter(Q(payment=payment) | Q(source_id__in=named))
    return max(-(mine.aggregate(sum=Sum("gross"))["sum"] or ZERO), ZERO)
