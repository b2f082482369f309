"""Giving a draft its number and writing it: numbered, chained, with its words beside it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from billing.chain import digest, link
from billing.documents.deducting import Deduction, write_deductions
from billing.documents.numbering import Place, keep_place, take_place
from billing.models import (
    Document,
    DocumentDeduction,
    DocumentKind,
    DocumentLine,
    DocumentSnapshot,
    DocumentVat,
    Order,
)
from billing.money import VatRow, total_of
from billing.sellers import require_complete
from members.inserting import insert, insert_all
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
    deductions: Sequence[Deduction] = field(default=())


def issue(draft: Draft, *, now: dt.datetime) -> Document:
    """Step: give the number and write everything; all was worked out before the series is locked.

    Raises `SellerIncomplete` where the document would not say who issues it.
    """
    require_transaction()
    require_complete(draft.order.seller)
    totals, order = total_of(draft.vat_rows), draft.order
    place = take_place(seller=order.seller, kind=draft.kind, now=now)
    document = Document(
        seller=order.seller,
        series=place.series,
        sequence=place.sequence,
        number=place.number,
        kind=draft.kind,
        specimen=place.series.specimen,
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
    document.hash = link(
        place.previous_hash, hashed_content(document, draft.lines, vat_rows, draft.deductions)
    )
    _write(document, draft, vat_rows)
    write_deductions(document, draft.deductions, now=now)
    keep_place(place, digest=document.hash)
    transaction.on_commit(partial(nudge, MAKE_FILES), robust=True)
    return document


def _due_on(draft: Draft, place: Place) -> dt.date | None:
    return None if draft.due_days is None else place.issued_on + dt.timedelta(days=draft.due_days)


def _write(document: Document, draft: Draft, vat_rows: Sequence[DocumentVat]) -> None:
    insert(document)
    for line in draft.lines:
        line.document = document
    for row in vat_rows:
        row.document = document
    insert_all(draft.lines)
    insert_all(vat_rows)
    insert(DocumentSnapshot(document=document, content=draft.words, issued_on=document.issued_on))


def hashed_content(
    document: Document,
    lines: Sequence[DocumentLine],
    vat_rows: Sequence[DocumentVat],
    deductions: Sequence[Deduction | DocumentDeduction],
) -> dict[str, Any]:
    """List what a document's hash covers: codes, amounts, keys; names only by the snapshot's SHA-256.

    What only some documents have is named only there, so that the hash of the others stays what it was.
    """
    content = {
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
        "lines": [_hashed_line(line) for line in lines],
    }
    if deductions:
        content["deductions"] = [[row.advance_id, f"{row.rate:.2f}", row.base, row.vat] for row in deductions]
    return content


def _hashed_line(line: DocumentLine) -> list[Any]:
    discount = [line.discount_excl] if line.discount_excl else []
    return [
        line.position,
        line.order_line_id,
        f"{line.quantity:.4f}",
        f"{line.unit_price_excl:.6f}",
        f"{line.vat_rate:.2f}",
        line.amount_excl,
        line.amount_vat,
        line.amount_incl,
        line.supplied_on,
        *discount,
    ]
