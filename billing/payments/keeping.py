"""What is kept for a customer: the part of their transfers that nothing has taken yet."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.models import Allocation, Order, Payment, Refund
from billing.money import ZERO
from members.transactions import require_transaction

MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=12, decimal_places=2)


def with_credit(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Add `credit` to payments by transfer: what neither a document nor a refund has taken, in euros.

    A refund with a credit note gives back what that note took off a document, which the payment still pays.
    """
    set_ = Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    back = Refund.objects.standing().filter(payment=OuterRef("pk"), credit_note=None).order_by()
    sums = {
        "set": _or_zero(Subquery(set_.annotate(total=Sum("amount")).values("total"))),
        "back": _or_zero(Subquery(back.values("payment").annotate(total=Sum("amount")).values("total"))),
    }
    return payments.alias(**sums).annotate(**{"credit": F("amount") - F("set") - F("back")})


def _or_zero(sums: Subquery) -> Coalesce:
    return Coalesce(sums, Value(ZERO), output_field=MONEY)


def credits_left() -> QuerySet[Payment]:
    """Payments by transfer of which something is kept for their customer, oldest first."""
    received = Payment.objects.received().filter(transfer__isnull=False, settled_at__isnull=False)
    kept = with_credit(received).filter(Q(credit__gt=0))
    return kept.select_related("order__customer", "order__seller", "transfer").order_by("succeeded_at", "pk")


def kept_for(order: Order) -> list[Payment]:
    """Step: lock and read the parts of an order that came by transfer before the whole of it did.

    The caller holds the order's lock; each row has its `credit`.
    """
    require_transaction()
    rows = Payment.objects.filter(order=order, transfer__isnull=False)
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    return list(credits_left().filter(pk__in=list(locked)))


def sum_kept(order: Order) -> Decimal:
    """What came by transfer for an order that still waits, in euros; for what is shown."""
    return credit_sum(list(credits_left().filter(order=order)))


def credit_sum(kept: Sequence[Payment]) -> Decimal:
    """Add up the credit of payments."""
    return sum((payment.credit for payment in kept), ZERO)
