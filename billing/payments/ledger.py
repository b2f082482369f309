"""The chain of payment events: each link hashed over the one before and signed, from the first payment on."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from billing.chain import is_signed, link, sign
from billing.models import DocumentVat, Payment, PaymentChain, PaymentEvent, Refund, Seller
from billing.money import ZERO, share
from members.inserting import insert
from members.models import User
from members.transactions import require_transaction


def record(
    kind: PaymentEvent.Kind,
    *,
    payment: Payment,
    amount: Decimal,
    now: dt.datetime,
    refund: Refund | None = None,
    operator: User | None = None,
    sold: bool = True,
) -> PaymentEvent:
    """Step: add a link to the seller's chain, under its lock; taken before any document series.

    It is of now; where a late task brings a `now` of a day that the till has closed, of the first instant
    that is still open: a closing is never reopened (billing/till). What is not `sold` yet, a customer's
    credit, has no VAT to split.
    """
    require_transaction()
    seller = payment.order.seller
    chain = lock_chain(seller)
    event = PaymentEvent(
        seller=seller,
        sequence=chain.sequence + 1,
        at=max(now, chain.closed_until or now),
        kind=kind,
        payment=payment,
        refund=refund,
        method=payment.method,
        amount=amount,
        vat=_vat_split(payment, refund, amount) if sold else [],
        operator=operator,
        previous_hash=chain.hash,
    )
    event.hash = link(chain.hash, content_of(event))
    event.signature = sign(event.hash, settings.SIGNING_KEY)
    insert(event)
    chain.sequence, chain.hash = event.sequence, event.hash
    chain.save(update_fields=["sequence", "hash"])
    return event


def lock_chain(seller: Seller) -> PaymentChain:
    """Step: lock a seller's chain: no event, document or closing of its is written meanwhile."""
    require_transaction()
    locked = PaymentChain.objects.select_for_update(no_key=True)
    chain = locked.filter(seller=seller).first()
    if chain is None:
        PaymentChain.objects.bulk_create([PaymentChain(seller=seller)], ignore_conflicts=True)
        chain = locked.get(seller=seller)
    return chain


def _vat_split(payment: Payment, refund: Refund | None, amount: Decimal) -> list[dict[str, str]]:
    """Split `amount` (VAT included) over the rates of what it pays or gives back, for the tax office."""
    if refund is not None and refund.reason == Refund.Reason.OVERPAID:
        return []  # what was never a sale
    if refund is not None and refund.credit_note is not None:
        sums = {row.rate: row.base + row.vat for row in refund.credit_note.vat_rows.all()}
    else:
        sums = _owed_by_rate(payment)
    parts = share(amount, list(sums.values()))
    return [{"rate": f"{rate:.2f}", "incl": f"{part:.2f}"} for rate, part in zip(sums, parts, strict=True)]


def _owed_by_rate(payment: Payment) -> dict[Decimal, Decimal]:
    """What is to be paid at each rate: of the invoice that is due, less what was deducted and credited.

    Where none is issued yet, of the order.
    """
    due = payment.order.documents.unpaid()
    invoice = (due.filter(pk=payment.invoice_id) if payment.invoice_id else due).first()
    if invoice is None:
        return {row.rate: row.amounts.incl for row in payment.order.vat_rows()}
    sums = {row.rate: row.base + row.vat for row in invoice.vat_rows.all()}
    credited = DocumentVat.objects.filter(document__corrects=invoice)
    for rows in (invoice.deductions.all(), credited):
        for rate, base, vat in rows.values_list("rate", "base", "vat"):
            sums[rate] = max(sums.get(rate, ZERO) - base - vat, ZERO)
    return {rate: left for rate, left in sums.items() if left}


def content_of(event: PaymentEvent) -> dict[str, Any]:
    """List what the hash covers: no name, no address (billing.md §5)."""
    return {
        "seller": event.seller_id,
        "sequence": event.sequence,
        "at": event.at,
        "kind": str(event.kind),
        "payment": event.payment_id,
        "refund": event.refund_id,
        "method": event.method,
        "amount": f"{event.amount:.2f}",
        "vat": event.vat,
        "operator": event.operator_id,
    }


def broken_links(seller: Seller) -> Iterator[PaymentEvent]:
    """Walk a seller's chain and give each event whose place, hash or signature is wrong."""
    previous, expected = "", 1
    keys = (settings.SIGNING_KEY, *settings.SIGNING_KEY_FALLBACKS)
    for event in PaymentEvent.objects.filter(seller=seller).order_by("sequence"):
        whole = (
            event.sequence == expected
            and event.previous_hash == previous
            and event.hash == link(previous, content_of(event))
            and any(is_signed(event.hash, event.signature, key) for key in keys)
        )
        if not whole:
            yield event
        previous, expected = event.hash, event.sequence + 1
