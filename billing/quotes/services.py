"""Steps of a quote's life; whose transaction they run in knows what is quoted, and holds its lock."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.chain import digest
from billing.documents.discounting import Discount
from billing.documents.snapshot import SELLER_FIELDS, mentions_for
from billing.documents.sums import rate
from billing.models import Customer, Order, Product, Quote, QuoteLine, Seller
from billing.models.customer import BUYER_FIELDS
from billing.money import ZERO, Amounts, Basis, Priced, line_amount
from billing.orders.services import NewLine, place_order
from billing.quotes.amounts import Worked, advances_of, worked_out
from billing.sellers import require_complete
from members.models import Page, User
from members.nudging import nudge
from members.transactions import require_transaction

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ADVANCES_ACCOUNT = "419100"
"""Where advances wait until the final invoice (billing.md §6)."""
MAKE_FILES = "billing.tasks.make_files"
State = Quote.State


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line to offer: `unit_price` in euros on `basis`, `rate` in percent as the seller charges it."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    basis: Basis
    rate: Decimal
    unit: str = ""
    detail: str = ""
    product: Product | None = None

    @property
    def priced(self) -> Priced:
        """What it comes to, on its basis."""
        return Priced(line_amount(self.quantity, self.unit_price), self.rate, self.basis)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a draft says; all of it may be written anew until it is sent."""

    lines: Sequence[OfferedLine]
    valid_until: dt.datetime
    discount: Discount | None = None
    advance_percent: int = 30
    confirmation: str = Quote.Confirmation.ON_ADVANCE
    message: str = ""

    def worked_out(self) -> list[Worked]:
        """Its lines, after the discount; raises `DiscountBeyondInvoice`."""
        discount = self.discount.excl if self.discount else ZERO
        over = self.discount.over if self.discount else None
        return worked_out([line.priced for line in self.lines], discount, over)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who accepts, as they wrote it, and from where: a simple electronic acceptance.

    A public body gives the number of its purchase order (« numéro d'engagement ») where it has one by then.
    `buyer` is what was confirmed of who buys, by fields of the customer: what its documents say from then on.
    """

    name: str
    function: str
    ip: str | None
    agent: str
    purchase_order: str = ""
    buyer: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advance:
    """How the advance of an accepted quote is to be ordered."""

    kind: str
    expires_at: dt.datetime
    supplied_on: dt.date
    detail: str = field(default="")


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


def offer_of(quote: Quote) -> Offer:
    """What a quote says, to be written anew in its next version."""
    discount = Discount(quote.discount_excl, quote.discount_label) if quote.discount_excl else None
    return Offer(
        lines=[
            OfferedLine(
                label=line.label,
                quantity=line.quantity,
                unit_price=line.unit_price,
                basis="ht" if line.price_basis == "ht" else "ttc",
                rate=line.vat_rate,
                unit=line.unit,
                detail=line.detail,
                product=line.product,
            )
            for line in quote.lines.select_related("product")
        ],
        valid_until=quote.valid_until,
        discount=discount,
        advance_percent=quote.advance_percent,
        confirmation=quote.confirmation,
        message=quote.message,
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


def accept(quote: Quote, *, evidence: Evidence, advance: Advance, now: dt.datetime) -> Order | None:
    """Step: keep the proof of an acceptance, and order the advance; None where none is asked."""
    require_transaction()
    quote.purchase_order = evidence.purchase_order
    quote.accepted_buyer = {**quote.customer.words, **evidence.buyer}
    order = _order_advance(quote, advance, now)
    quote.state, quote.accepted_at = State.ACCEPTED, now
    quote.accepted_name, quote.accepted_function = evidence.name, evidence.function
    quote.accepted_ip, quote.accepted_agent = evidence.ip, evidence.agent[:300]
    quote.accepted_sha256 = digest(content(quote))
    quote.advance_order = order
    quote.save(
        update_fields=[
            "state",
            "accepted_at",
            "accepted_name",
            "accepted_function",
            "accepted_ip",
            "accepted_agent",
            "purchase_order",
            "accepted_buyer",
            "accepted_sha256",
            "advance_order",
        ]
    )
    return order


def _order_advance(quote: Quote, advance: Advance, now: dt.datetime) -> Order | None:
    asked = advances_of(quote.vat_rows(), quote.advance_percent)
    if not asked:
        return None
    with translation.override(quote.language):
        lines = [_advance_line(quote, priced, advance) for priced in asked]
    order = place_order(
        customer=quote.customer,
        seller=quote.seller,
        site_code=quote.site_code,
        lines=lines,
        by=None,
        expires_at=advance.expires_at,
        now=now,
    )
    order.terms_of_sale, order.terms_accepted_at = quote.terms, now if quote.terms else None
    order.purchase_order, order.agreed_buyer = quote.purchase_order, quote.accepted_buyer
    order.save(update_fields=["terms_of_sale", "terms_accepted_at", "purchase_order", "agreed_buyer"])
    return order


def _advance_line(quote: Quote, priced: Priced, advance: Advance) -> NewLine:
    said = {
        "percent": rate(Decimal(quote.advance_percent), quote.language),
        "number": quote.number,
    }
    label = _("Acompte de %(percent)s sur le devis %(number)s") % said
    if priced.rate:
        at_rate = {**said, "rate": rate(priced.rate, quote.language)}
        label = _("Acompte de %(percent)s sur le devis %(number)s (TVA %(rate)s)") % at_rate
    return NewLine(
        kind=advance.kind,
        product=_advance_product(quote.seller, priced.rate),
        label=label,
        detail=advance.detail,
        quantity=Decimal(1),
        unit="",
        unit_price=priced.amount,
        supplied_on=advance.supplied_on,
        agreed=priced,
    )


def _advance_product(seller: Seller, at_rate: Decimal) -> Product:
    """Step: the article under which advances at a rate are invoiced; made the first time."""
    code = "acompte-" + f"{at_rate.normalize():f}".replace(".", "-")
    defaults = {
        "name": f"Acompte, TVA {rate(at_rate, 'fr')}",
        "name_en": f"Advance, VAT {rate(at_rate, 'en')}",
        "vat_rate": at_rate,
        "price_basis": "ht",
        "revenue_account": ADVANCES_ACCOUNT,
        "report_category": "acomptes",
        "is_active": False,
    }
    return Product.objects.get_or_create(seller=seller, code=code, defaults=defaults)[0]
