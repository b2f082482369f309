"""Issuing documents: numbered, chained, with their words beside them, in the caller's transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum

from billing.chain import digest, link
from billing.documents.numbering import Place, keep_place, take_place
from billing.documents.snapshot import snapshot
from billing.errors import MoreThanRemains
from billing.models import (
    Allocation,
    Document,
    DocumentKind,
    DocumentLine,
    DocumentSnapshot,
    DocumentVat,
    Order,
    OrderLine,
    Payment,
)
from billing.money import (
    HUNDRED,
    NOTHING,
    Amounts,
    VatRow,
    line_amounts,
    round2,
    split_incl,
    total_of,
    vat_by_rate,
)
from members.nudging import nudge
from members.transactions import require_transaction

MAKE_FILES = "billing.tasks.make_files"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it has a number."""

    order: Order
    kind: DocumentKind
    lines: list[DocumentLine]
    vat_rows: list[VatRow]
    words: dict[str, Any]
    due_days: int | None = None
    corrects: Document | None = None


def issue_invoice(
    order: Order, lines: Sequence[OrderLine], payment: Payment | None, *, now: dt.datetime
) -> Document:
    """Step: issue the invoice of `lines`, paid by `payment`, or due by the customer's terms."""
    priced = [line.priced for line in lines]
    issued = [
        _invoice_line(line, position, amounts)
        for position, (line, amounts) in enumerate(zip(lines, line_amounts(priced), strict=True), 1)
    ]
    words = snapshot(order=order, lines=lines, day=order.seller.today(now), payment=payment)
    due_days = None if payment else order.customer.terms_days or 0
    draft = Draft(order, DocumentKind.INVOICE, issued, vat_by_rate(priced), words, due_days)
    document = _issue(draft, now=now)
    if payment:
        Allocation.objects.create(
            document=document, payment=payment, amount=min(document.total_incl, payment.amount), at=now
        )
    return document


def issue_credit_note(
    invoice: Document, credits_: Mapping[DocumentLine, Decimal], *, now: dt.datetime
) -> Document:
    """Step: issue the credit note that takes sums (euros, VAT included) off lines of `invoice`.

    Each at its original rate. The caller holds the order's lock. Raises `MoreThanRemains` when a line would
    be credited beyond its amount.
    """
    originals = list(credits_)
    parts = [_part_of(remaining(line), credits_[line], line.vat_rate) for line in originals]
    lines = [
        _credit_line(line, position, amounts)
        for position, (line, amounts) in enumerate(zip(originals, parts, strict=True), 1)
    ]
    rates: dict[Decimal, Amounts] = {}
    for line, amounts in zip(originals, parts, strict=True):
        rates[line.vat_rate] = rates.get(line.vat_rate, NOTHING) + amounts
    words = snapshot(
        order=invoice.order,
        lines=[line.order_line for line in originals],
        day=invoice.seller.today(now),
        corrects=invoice,
    )
    for line, original, text in zip(lines, originals, words["lines"], strict=True):
        text["unit"] = text["unit"] if line.amount_excl == original.amount_excl else ""  # a part has no hours
    rows = [VatRow(rate, amounts) for rate, amounts in sorted(rates.items(), reverse=True)]
    draft = Draft(invoice.order, DocumentKind.CREDIT_NOTE, lines, rows, words, corrects=invoice)
    return _issue(draft, now=now)


def remaining(line: DocumentLine) -> Amounts:
    """Work out what of an invoice's line was not credited yet."""
    taken = DocumentLine.objects.filter(corrects=line).aggregate(
        excl=Sum("amount_excl", default=Decimal(0)), vat=Sum("amount_vat", default=Decimal(0))
    )
    excl, vat = line.amount_excl - taken["excl"], line.amount_vat - taken["vat"]
    return Amounts(excl, vat, excl + vat)


def _part_of(left: Amounts, incl: Decimal, rate: Decimal) -> Amounts:
    """Split `incl` at `rate`, never passing what is left of either side."""
    incl = round2(incl)
    if incl <= 0 or incl > left.incl:
        raise MoreThanRemains
    wanted = split_incl(incl, rate)
    vat = min(wanted.vat, left.vat)
    excl = min(incl - vat, left.excl)
    return Amounts(excl, incl - excl, incl)


def _invoice_line(line: OrderLine, position: int, amounts: Amounts) -> DocumentLine:
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
        supplied_on=line.supplied_on,
    )


def _credit_line(original: DocumentLine, position: int, amounts: Amounts) -> DocumentLine:
    whole = amounts.excl == original.amount_excl
    return DocumentLine(
        position=position,
        order_line_id=original.order_line_id,
        product_id=original.product_id,
        corrects=original,
        quantity=original.quantity if whole else Decimal(1),
        unit_price_excl=original.unit_price_excl if whole else amounts.excl,
        vat_rate=original.vat_rate,
        amount_excl=amounts.excl,
        amount_vat=amounts.vat,
        amount_incl=amounts.incl,
        supplied_on=original.supplied_on,
    )


def _issue(draft: Draft, *, now: dt.datetime) -> Document:
    """Step: give the number and write everything; all was worked out before the series is locked."""
    require_transaction()
    totals, order = total_of(draft.vat_rows), draft.order
    place = take_place(seller=order.seller, kind=draft.kind, now=now)
    document = Document(
        seller=order.seller,
        series=place.series,
        sequence=place.sequence,
        number=place.number,
        kind=draft.kind,
        specimen=order.seller.specimen,
        language=order.customer.language,
        order=order,
        customer=order.customer,
        corrects=draft.corrects,
        issued_on=place.issued_on,
        issued_at=now,
        due_on=_due_on(draft, place),
        total_excl=totals.excl,
        total_vat=totals.vat,
        total_incl=totals.incl,
        snapshot_sha256=digest(draft.words),
        previous_hash=place.previous_hash,
    )
    vat_rows = [
        DocumentVat(document=document, rate=row.rate, base=row.amounts.excl, vat=row.amounts.vat)
        for row in draft.vat_rows
    ]
    document.hash = link(place.previous_hash, hashed_content(document, draft.lines, vat_rows))
    _write(document, draft, vat_rows)
    keep_place(place, digest=document.hash)
    transaction.on_commit(partial(nudge, MAKE_FILES), robust=True)
    return document


def _due_on(draft: Draft, place: Place) -> dt.date | None:
    return None if draft.due_days is None else place.issued_on + dt.timedelta(days=draft.due_days)


def _write(document: Document, draft: Draft, vat_rows: Sequence[DocumentVat]) -> None:
    document.save(force_insert=True)
    for line in draft.lines:
        line.document = document
    for row in vat_rows:
        row.document = document
    DocumentLine.objects.bulk_create(draft.lines)
    DocumentVat.objects.bulk_create(vat_rows)
    DocumentSnapshot.objects.create(document=document, content=draft.words, issued_on=document.issued_on)


def hashed_content(
    document: Document, lines: Sequence[DocumentLine], vat_rows: Sequence[DocumentVat]
) -> dict[str, Any]:
    """List what a document's hash covers: codes, amounts, keys; names only by the snapshot's SHA-256."""
    return {
        "number": document.number,
        "kind": str(document.kind),
        "issued_on": document.issued_on,
        "issued_at": document.issued_at,
        "due_on": document.due_on,
        "seller": document.seller_id,
        "customer": document.customer_id,
        "order": document.order_id,
        "corrects": document.corrects_id,
        "total_excl": document.total_excl,
        "total_vat": document.total_vat,
        "total_incl": document.total_incl,
        "snapshot": document.snapshot_sha256,
        "vat": [[f"{row.rate:.2f}", row.base, row.vat] for row in vat_rows],
        "lines": [
            [
                line.position,
                line.order_line_id,
                f"{line.quantity:.4f}",
                f"{line.unit_price_excl:.6f}",
                f"{line.vat_rate:.2f}",
                line.amount_excl,
                line.amount_vat,
                line.amount_incl,
                line.supplied_on,
            ]
            for line in lines
        ],
    }
