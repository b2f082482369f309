"""What a final invoice deducts: each advance once, by rate, less what was credited of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from billing.errors import AdvanceDeducted, NotAnAdvance
from billing.models import Allocation, Document, DocumentDeduction, DocumentKind, DocumentVat, Order
from billing.money import ZERO, Amounts
from members.transactions import require_transaction


@dataclass(frozen=True, slots=True)
class Deduction:
    """What is deducted of an advance at one rate (percent), in euros."""

    advance_id: int
    rate: Decimal
    base: Decimal
    vat: Decimal

    @property
    def amounts(self) -> Amounts:
        """The same as one sum."""
        return Amounts(self.base, self.vat, self.base + self.vat)


def deductions_of(advances: Sequence[Document], order: Order) -> list[Deduction]:
    """Step: lock the advances and work out what remains of each, by rate, highest first.

    Raises `NotAnAdvance` or `AdvanceDeducted`.
    """
    found: list[Deduction] = []
    for advance in sorted(advances, key=lambda document: document.pk):
        mine = (advance.customer_id, advance.seller_id) == (order.customer_id, order.seller_id)
        if advance.kind != DocumentKind.ADVANCE or not mine:
            raise NotAnAdvance
        refuse_deducted(advance)
        found += [row for row in left_of(advance) if row.base or row.vat]
    return found


def refuse_deducted(advance: Document) -> None:
    """Step: lock an advance; refused when a final invoice has deducted it."""
    require_transaction()
    Document.objects.select_for_update(of=("self",), no_key=True).get(pk=advance.pk)
    if DocumentDeduction.objects.filter(advance=advance).exists():
        raise AdvanceDeducted


def left_of(advance: Document) -> list[Deduction]:
    """What an advance still stands for, by rate: what was credited of it is off."""
    credited = {
        row["rate"]: row
        for row in DocumentVat.objects.filter(document__corrects=advance)
        .order_by()
        .values("rate")
        .annotate(base_sum=Sum("base"), vat_sum=Sum("vat"))
    }
    nothing = {"base_sum": ZERO, "vat_sum": ZERO}
    return [
        Deduction(
            advance.pk,
            row.rate,
            row.base - credited.get(row.rate, nothing)["base_sum"],
            row.vat - credited.get(row.rate, nothing)["vat_sum"],
        )
        for row in advance.vat_rows.all()
    ]


def excess_of(left: Amounts, full: Amounts) -> Amounts:
    """What of an advance passes what is invoiced at its rate: `full` can deduct the rest."""
    excl = max(left.excl - full.excl, ZERO)
    incl = max(left.incl - full.incl, excl)
    return Amounts(excl, incl - excl, incl)


def write_deductions(document: Document, deductions: Sequence[Deduction], *, now: dt.datetime) -> None:
    """Step: write what a final invoice deducts, and set each advance against it."""
    DocumentDeduction.objects.bulk_create(
        DocumentDeduction(
            document=document, advance_id=row.advance_id, rate=row.rate, base=row.base, vat=row.vat
        )
        for row in deductions
    )
    sums: dict[int, Decimal] = {}
    for row in deductions:
        sums[row.advance_id] = sums.get(row.advance_id, ZERO) + row.base + row.vat
    Allocation.objects.bulk_create(
        Allocation(document=document, advance_id=advance, amount=amount, at=now)
        for advance, amount in sums.items()
    )
