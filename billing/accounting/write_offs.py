"""Disputed payments that were written off, as facts; one that was withdrawn is a second one, below zero."""

from collections.abc import Iterator

from django.db.models import Q

from billing.accounting.facts import Rated, Source, WriteOffFact
from billing.accounting.loading import auxiliary_of, instants
from billing.accounting.periods import Period
from billing.models import Seller, WriteOff


def write_off_facts(seller: Seller, period: Period) -> list[WriteOffFact]:
    """What was written off, or withdrawn, within a period; two queries."""
    first, end = instants(period, seller)
    within = Q(at__gte=first, at__lt=end) | Q(withdrawn_at__gte=first, withdrawn_at__lt=end)
    rows = WriteOff.objects.filter(within, seller=seller).select_related(
        "movement__payment__order__customer__user", "movement__payment__order__customer__organisation"
    )
    ordered = rows.prefetch_related("vat_rows").order_by("at", "pk")
    facts = (fact for row in ordered for fact in _of(row, seller))
    return [fact for fact in facts if first <= fact.recorded_at < end]


def _of(row: WriteOff, seller: Seller) -> Iterator[WriteOffFact]:
    payment = row.movement.payment
    for at, sign in ((row.at, 1), (row.withdrawn_at, -1)):
        if at is not None:
            yield WriteOffFact(
                recorded_at=at,
                date=seller.today(at),
                value_date=row.decided_on if sign > 0 else seller.today(at),
                reference=row.number,
                amount=sign * row.amount,
                vat=[Rated(each.rate, sign * each.base, sign * each.vat) for each in row.vat_rows.all()],
                customer=auxiliary_of(payment.order.customer) if payment else None,
                source=Source("dispute", row.movement_id),
            )
