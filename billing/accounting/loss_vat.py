"""The VAT of what a dispute took: what of it may still be asked back of the State."""

from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.accounting.disputed import Dispute
from billing.accounting.facts import Rated
from billing.accounting.loading import waiting_of
from billing.accounting.receipts import Amount
from billing.models import Allocation, Document, DocumentVat, Payment
from billing.money import ZERO, round2
from billing.settlement.correcting import final_of


def vat_within(dispute: Dispute) -> list[Rated]:
    """The VAT of what is left of a dispute, by rate: that of the invoices that its payment had paid.

    Nothing where the payment is unknown. What credit notes gave back already is not asked back again.
    """
    if dispute.payment is None or dispute.left <= 0:
        return []
    part = min(dispute.left / dispute.payment.amount, 1)
    sums = dict(paid_by(dispute.payment).values_list("document").annotate(total=Sum("amount")))
    documents = Document.objects.filter(pk__in=sums)
    waiting = waiting_of(documents)
    found: dict[Decimal, Rated] = {}
    for document in documents:
        left = uncredited(document)
        for row in waiting[document.pk].take(round2(sums[document.pk] * part)):
            base, vat = left.get(row.rate, (ZERO, ZERO))
            before = found.get(row.rate, Rated(row.rate, ZERO, ZERO))
            mine = (before.base + max(min(row.base, base), ZERO), before.vat + max(min(row.vat, vat), ZERO))
            found[row.rate] = Rated(row.rate, *mine)
    return [row for row in found.values() if row.vat > 0]


def paid_by(payment: Payment) -> QuerySet[Allocation]:
    """What a payment was set against."""
    return Allocation.objects.filter(payment=payment, document__isnull=False).order_by()


def is_credited(dispute: Dispute) -> bool:
    """Whether credit notes took something off what its payment had paid, or off its final invoice."""
    if dispute.payment is None:
        return False
    paid = paid_by(dispute.payment).values("document")
    either = Q(corrects__in=paid) | Q(corrects__deductions__advance__in=paid)
    return Document.objects.filter(either).exists()


def uncredited(document: Document) -> dict[Decimal, Amount]:
    """Base and VAT of an invoice by rate, less its credit notes; of an advance no more than is left of the
    final invoice that deducts it: that one is credited for both.
    """
    left = waiting_of(Document.objects.filter(pk=document.pk))[document.pk].by_rate
    for rate, credited in _credited(document).items():
        base, vat = left.get(rate, (ZERO, ZERO))
        left[rate] = (base - credited[0], vat - credited[1])
    final = final_of(document)
    if final is not None:
        whole, gone = {row.rate: (row.base, row.vat) for row in final.vat_rows.all()}, _credited(final)
        for rate, (base, vat) in left.items():
            over, back = whole.get(rate, (ZERO, ZERO)), gone.get(rate, (ZERO, ZERO))
            left[rate] = (min(base, over[0] - back[0]), min(vat, over[1] - back[1]))
    return left


def _credited(document: Document) -> dict[Decimal, Amount]:
    rows = DocumentVat.objects.filter(document__corrects=document).order_by()
    sums = rows.values_list("rate").annotate(Sum("base"), Sum("vat"))
    return {rate: (base, vat) for rate, base, vat in sums}
