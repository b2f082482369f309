"""Issuing documents in the caller's transaction: invoices, advance invoices, final invoices, credit notes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billing.documents.crediting import issue_credit_note, remaining
from billing.documents.deducting import Deduction, deductions_of
from billing.documents.discounting import Discount, discounted
from billing.documents.issuing import Draft, issue
from billing.documents.snapshot import snapshot
from billing.errors import AdvanceBeyondInvoice
from billing.models import Allocation, Document, DocumentKind, DocumentLine, Order, OrderLine, Payment
from billing.money import (
    HUNDRED,
    NOTHING,
    ZERO,
    Amounts,
    Priced,
    VatRow,
    line_amounts,
    total_of,
    vat_by_rate,
)
from members.inserting import insert

__all__ = [
    "Discount",
    "issue_advance_invoice",
    "issue_credit_note",
    "issue_final_invoice",
    "issue_invoice",
    "remaining",
    "vat_rows_of",
]


def issue_invoice(
    order: Order,
    lines: Sequence[OrderLine],
    payment: Payment | None,
    *,
    now: dt.datetime,
    discount: Discount | None = None,
    kept: Sequence[Payment] = (),
) -> Document:
    """Step: issue the invoice of `lines`, paid by `payment`, or due by the customer's terms.

    `discount` is one on the whole document, in euros excluding VAT, shared over the rates. `kept` is what
    came by transfer before `payment`, each with its `credit`.
    """
    draft = _draft(DocumentKind.INVOICE, order, lines, payment=payment, kept=kept, discount=discount, now=now)
    document = issue(draft, now=now)
    _allocate(document, payment, kept, document.total_incl, now)
    return document


def issue_advance_invoice(
    order: Order,
    lines: Sequence[OrderLine],
    payment: Payment | None,
    *,
    now: dt.datetime,
    kept: Sequence[Payment] = (),
) -> Document:
    """Step: issue the advance invoice (UNTDID 1001: 386) of an advance order, whose lines are one a rate.

    Paid by `payment`, or due by the customer's terms. An advance is a sale: its VAT is owed with it.
    """
    draft = _draft(DocumentKind.ADVANCE, order, lines, payment=payment, kept=kept, discount=None, now=now)
    document = issue(draft, now=now)
    _allocate(document, payment, kept, document.total_incl, now)
    return document


def issue_final_invoice(
    order: Order,
    lines: Sequence[OrderLine],
    advances: Sequence[Document],
    payment: Payment | None,
    *,
    now: dt.datetime,
    discount: Discount | None = None,
    kept: Sequence[Payment] = (),
) -> Document:
    """Step: issue the final invoice of `lines` in full, less what remains of `advances`, rate by rate.

    What is payable is read from allocations: total − advances − payments − credit notes. Raises
    `NotAnAdvance` when one of `advances` is something else or another customer's, `AdvanceDeducted` when an
    invoice deducted it before, and `AdvanceBeyondInvoice` when more was advanced at a rate than is invoiced.
    """
    deductions = deductions_of(advances, order)
    advanced = sum((row.base + row.vat for row in deductions), ZERO)
    draft = _draft(
        DocumentKind.FINAL,
        order,
        lines,
        payment=payment,
        kept=kept,
        discount=discount,
        now=now,
        advances=advances,
        advanced=advanced,
    )
    _refuse_beyond(deductions, draft)
    document = issue(replace(draft, deductions=deductions), now=now)
    left = document.total_incl - advanced
    _allocate(document, payment, kept, left, now)
    return document


def _refuse_beyond(deductions: Sequence[Deduction], draft: Draft) -> None:
    invoiced = {row.rate: row.amounts for row in draft.vat_rows}
    for rate in {row.rate for row in deductions}:
        base = sum((row.base for row in deductions if row.rate == rate), ZERO)
        vat = sum((row.vat for row in deductions if row.rate == rate), ZERO)
        full = invoiced.get(rate, NOTHING)
        if base > full.excl or base + vat > full.incl:
            raise AdvanceBeyondInvoice


def _draft(
    kind: DocumentKind,
    order: Order,
    lines: Sequence[OrderLine],
    *,
    payment: Payment | None,
    kept: Sequence[Payment],
    discount: Discount | None,
    now: dt.datetime,
    advances: Sequence[Document] = (),
    advanced: Decimal = ZERO,
) -> Draft:
    amounts, rows, shares = _sums([line.priced for line in lines], discount)
    issued = [
        _invoice_line(line, position, mine, part)
        for position, (line, mine, part) in enumerate(zip(lines, amounts, shares, strict=True), 1)
    ]
    received = sum((each.credit for each in kept), payment.amount if payment else ZERO)
    left = total_of(rows).incl - advanced - received
    balance = max(left, ZERO)
    words = snapshot(
        order=order,
        lines=lines,
        day=order.seller.today(now),
        payment=payment or (kept[-1] if kept else None),
        received=received,
        discount=discount.label if discount else "",
        advances=advances,
        balance=balance,
    )
    due_days = order.buyer.days_to_pay if balance else None
    return Draft(order, kind, issued, rows, words, due_days)


def vat_rows_of(priced: Sequence[Priced], discount: Discount | None) -> list[VatRow]:
    """What a document of these lines would say of each rate."""
    return _sums(priced, discount)[1]


def _sums(
    priced: Sequence[Priced], discount: Discount | None
) -> tuple[list[Amounts], list[VatRow], list[Decimal]]:
    amounts = line_amounts(priced)
    if discount is None:
        return amounts, vat_by_rate(priced), [ZERO] * len(priced)
    return discounted(discount.excl, amounts, [each.rate for each in priced], discount.over)


def _allocate(
    document: Document, payment: Payment | None, kept: Sequence[Payment], owed: Decimal, now: dt.datetime
) -> None:
    """Step: set what was received against `owed` euros, what came first before what came last."""
    received = [(each, each.credit) for each in kept] + ([(payment, payment.amount)] if payment else [])
    for each, most in received:
        amount = min(owed, most)
        if amount > 0:
            insert(Allocation(document=document, payment=each, amount=amount, at=now))
            owed -= amount


def _invoice_line(line: OrderLine, position: int, amounts: Amounts, discount: Decimal) -> DocumentLine:
    unit_price = line.unit_price
    if line.price_basis == "ttc":
        unit_price = (unit_price / (1 + line.vat_rate / HUNDRED)).quantize(Decimal("0.000001"))
    return DocumentLine(
        position=position,
        order_line=line,
        product_id=line.product_id,
        quantity=line.quantity,
        unit_price_excl=unit_price,
        vat_rate=line.vat_rate,
        amount_excl=amounts.excl,
        amount_vat=amounts.vat,
        amount_incl=amounts.incl,
        discount_excl=discount,
        supplied_on=line.supplied_on,
    )
