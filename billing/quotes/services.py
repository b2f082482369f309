"""Steps of a quote's life; whose transaction they run in knows what is quoted, and holds its lock."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from billing.documents.snapshot import SELLER_FIELDS, mentions_for
from billing.models import Customer, Quote, QuoteLine, Seller
from billing.models.customer import BUYER_FIELDS
from billing.money import ZERO, Amounts
from billing.quotes.amounts import Worked
from billing.quotes.offers import Offer, OfferedLine
from billing.sellers import require_complete
from members.models import Page, User
from members.nudging import nudge
from members.transactions import require_transaction

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MAKE_FILES = "billing.tasks.make_files"
State = Quote.State


def new_reference() -> str:
    """A short code to say aloud, such as DV-7K2MM4."""
    return "DV-" + "".join(secrets.choice(LETTERS) for _each in range(6))


def write_draft(
    *,
    customer: Customer,
    seller: Seller,
    site_code: str,
    offer: Offer,
    terms: Page | None,
    by: User | None,
    now: dt.datetime,
    after: Quote | None = None,
) -> Quote:
    """Step: write the first version of a quote, or the one that follows `after`."""
    require_transaction()
    quote = Quote(
        customer=customer,
        seller=seller,
        site_code=site_code,
        reference=after.reference if after else new_reference(),
        version=after.version + 1 if after else 1,
        language=customer.language,
        terms=terms,
        created_by=by,
        created_at=now,
    )
    return write(quote, offer)


def write(quote: Quote, offer: Offer) -> Quote:
    """Step: write what a draft says, in the place of what it said; raises `DiscountBeyondInvoice`."""
    require_transaction()
    worked = offer.worked_out()
    total = sum((each.amounts for each in worked), Amounts(ZERO, ZERO, ZERO))
    quote.valid_until = offer.valid_until
    quote.discount_excl = offer.discount.excl if offer.discount else ZERO
    quote.discount_label = offer.discount.label if offer.discount else ""
    quote.advance_percent, quote.confirmation = offer.advance_percent, offer.confirmation
    quote.message = offer.message
    quote.total_excl, quote.total_vat, quote.total_incl = total.excl, total.vat, total.incl
    quote.save()
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(
        _line(quote, position, line, found)
        for position, (line, found) in enumerate(zip(offer.lines, worked, strict=True), 1)
    )
    return quote


def _line(quote: Quote, position: int, line: OfferedLine, worked: Worked) -> QuoteLine:
    return QuoteLine(
        quote=quote,
        position=position,
        product=line.product,
        label=line.label,
        detail=line.detail,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_basis=line.basis,
        vat_rate=line.rate,
        amount_excl=worked.amounts.excl,
        amount_vat=worked.amounts.vat,
        amount_incl=worked.amounts.incl,
        discount_excl=worked.discount,
    )


def send(quote: Quote, *, subject: Sequence[tuple[str, str]], now: dt.datetime) -> None:
    """Step: fix the words of a draft and send it; `subject` says what is offered. Its PDF is owed.

    Raises `SellerIncomplete` where it would not say who offers.
    """
    require_transaction()
    require_complete(quote.seller)
    quote.words = _words(quote, subject, quote.seller.today(now))
    quote.state, quote.sent_at = State.SENT, now
    quote.save(update_fields=["words", "state", "sent_at"])
    transaction.on_commit(partial(nudge, MAKE_FILES), robust=True)


def _words(quote: Quote, subject: Sequence[tuple[str, str]], day: dt.date) -> dict[str, Any]:
    seller, customer, terms = quote.seller, quote.customer, quote.terms
    return {
        "seller": {name: getattr(seller, name) for name in SELLER_FIELDS},
        "buyer": {
            **{name: getattr(customer, name) for name in BUYER_FIELDS},
            "name": customer.name or customer.email,
        },
        "subject": [list(pair) for pair in subject],
        "mentions": mentions_for(seller, customer, day, credit=True),
        "terms": {
            "title": terms.title,
            "slug": terms.slug,
            "language": terms.language,
            "version": terms.version,
            "sha256": hashlib.sha256(terms.body.encode()).hexdigest(),
        }
        if terms
        else None,
    }


def content(quote: Quote) -> dict[str, Any]:
    """Everything a quote says, as plain values: what an acceptance is of, and its hash is made from."""
    return {
        "reference": quote.reference,
        "version": quote.version,
        "sent_at": quote.sent_at,
        "valid_until": quote.valid_until,
        "words": quote.words,
        "message": quote.message,
        "lines": [
            {
                "label": line.label,
                "detail": line.detail,
                "quantity": f"{line.quantity:.4f}",
                "unit": line.unit,
                "unit_price": f"{line.unit_price:.6f}",
                "basis": line.price_basis,
                "vat_rate": line.vat_rate,
                "excl": line.amount_excl,
                "vat": line.amount_vat,
                "incl": line.amount_incl,
                "discount": line.discount_excl,
            }
            for line in quote.lines.order_by("position")
        ],
        "discount": {"excl": quote.discount_excl, "label": quote.discount_label},
        "total": {"excl": quote.total_excl, "vat": quote.total_vat, "incl": quote.total_incl},
        "advance_percent": quote.advance_percent,
        "confirmation": quote.confirmation,
    }


def end(quote: Quote, state: str, *, now: dt.datetime, reason: str = "") -> None:
    """Step: a quote no longer stands: refused, expired, withdrawn or superseded."""
    require_transaction()
    quote.state, quote.ended_at, quote.refusal_reason = state, now, reason
    quote.save(update_fields=["state", "ended_at", "refusal_reason"])
