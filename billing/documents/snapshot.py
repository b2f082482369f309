"""Every name and text of a document, as they are on the day it is issued."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from billing.models import Customer, Document, Mention, Order, OrderLine, Payment, Seller

SELLER_FIELDS = [
    "name",
    "legal_form",
    "address",
    "postcode",
    "city",
    "siren",
    "siret",
    "vat_number",
    "rna",
    "email",
    "phone",
    "iban",
    "vat_regime",
]
BUYER_FIELDS = ["name", "email", "address", "postcode", "city", "country", "siren", "vat_number"]
FOR_ALL = ("operation_services",)
FOR_BUSINESSES = ("no_discount", "late_penalties", "recovery_fee")


def snapshot(
    *,
    order: Order,
    lines: Sequence[OrderLine],
    day: dt.date,
    payment: Payment | None = None,
    corrects: Document | None = None,
    discount: str = "",
    advances: Sequence[Document] = (),
) -> dict[str, Any]:
    """Gather the words of a document: plain JSON, so that its hash can be worked out again from the row."""
    seller, customer = order.seller, order.customer
    return {
        "seller": {name: getattr(seller, name) for name in SELLER_FIELDS},
        "buyer": {
            **{name: getattr(customer, name) for name in BUYER_FIELDS},
            "name": customer.name or customer.email,
            "business": customer.is_business,
        },
        "order": order.reference,
        "mentions": mentions_for(seller, customer, day, credit=corrects is not None),
        "lines": [{"label": line.label, "detail": line.detail, "unit": line.unit} for line in lines],
        "payment": _payment(payment, seller),
        "corrects": _named(corrects) if corrects else None,
        "discount": discount,
        "advances": {str(advance.pk): _named(advance) for advance in advances},
    }


def _payment(payment: Payment | None, seller: Seller) -> dict[str, str] | None:
    if payment is None or payment.succeeded_at is None:
        return None
    return {"method": payment.method, "on": seller.today(payment.succeeded_at).isoformat()}


def _named(document: Document) -> dict[str, str]:
    return {"number": document.number, "on": document.issued_on.isoformat()}


def mention_codes(seller: Seller, customer: Customer, *, credit: bool) -> list[str]:
    """List the mentions owed, by the seller's VAT regime and the buyer's kind (billing.md §2).

    What a business is told of paying late is on the invoice, not on the credit note.
    """
    codes = [*FOR_ALL]
    if seller.vat_regime == Seller.VatRegime.FRANCHISE:
        codes.append("vat_franchise")
    elif seller.vat_regime == Seller.VatRegime.EXEMPT:
        codes.append("vat_exempt")
    elif seller.vat_on_debits:
        codes.append("vat_on_debits")
    return [*codes, *FOR_BUSINESSES] if customer.is_business and not credit else codes


def mentions_for(
    seller: Seller, customer: Customer, day: dt.date, *, credit: bool = False
) -> list[dict[str, str]]:
    """Read the texts in force on `day`: the buyer's language where there is one, French otherwise."""
    codes = mention_codes(seller, customer, credit=credit)
    rows = Mention.objects.in_force(day).for_seller(seller).filter(code__in=codes)
    texts: dict[str, str] = {}
    for language in ("fr", customer.language):
        texts.update({row.code: row.text for row in rows if row.language == language})
    return [{"code": code, "text": texts[code]} for code in codes if code in texts]
