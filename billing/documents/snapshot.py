"""Every name and text of a document, as they are on the day it is issued."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from billing.models import Customer, Document, DocumentKind, Mention, Order, OrderLine, Payment, Seller
from billing.models.customer import BUYER_FIELDS
from billing.money import ZERO

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
    "bic",
    "vat_regime",
]
FOR_ALL = ("operation_services",)
FOR_BUSINESSES = ("no_discount", "late_penalties", "recovery_fee")
BY_BUYER = {
    Customer.Buyer.CONSUMER: (),
    Customer.Buyer.BUSINESS: FOR_BUSINESSES,
    Customer.Buyer.ASSOCIATION: FOR_BUSINESSES,
    Customer.Buyer.PUBLIC: ("no_discount", "late_interest_public", "recovery_fee_public"),
}
NOTES = {
    "PMT": ("recovery_fee", "recovery_fee_public"),
    "PMD": ("late_penalties", "late_interest_public"),
    "AAB": ("no_discount",),
}
"""What an electronic invoice must say under each of these codes (UNTDID 4451), and by which mentions."""
NOT_APPLICABLE = "not_applicable"


def snapshot(
    *,
    order: Order,
    lines: Sequence[OrderLine],
    day: dt.date,
    payment: Payment | None = None,
    received: Decimal = ZERO,
    corrects: Document | None = None,
    discount: str = "",
    advances: Sequence[Document] = (),
    balance: Decimal = ZERO,
    reason: str = "",
) -> dict[str, Any]:
    """Gather the words of a document: plain JSON, so that its hash can be worked out again from the row.

    `received` is what `payment`, the last one, and those before it brought; `balance` is what is left to pay
    at issue; in euros. `reason` is why `corrects` is corrected, where somebody said so.
    """
    seller, customer = order.seller, order.buyer
    outside = seller.charges_vat and any(not line.vat_rate for line in lines)
    codes = mention_codes(seller, customer, credit=corrects is not None, outside=outside)
    texts = texts_of([*codes, NOT_APPLICABLE], seller, customer, day)
    mentions = _listed(codes, texts)
    return {
        "seller": {name: getattr(seller, name) for name in SELLER_FIELDS},
        "buyer": {
            **{name: getattr(customer, name) for name in BUYER_FIELDS},
            "name": customer.name or customer.email,
            "business": customer.is_business,
            "kind": customer.buyer_kind,
        },
        "order": order.reference,
        "purchase_order": order.purchase_order,
        "mentions": mentions,
        "notes": _notes(texts, codes),
        "lines": [{"label": line.label, "detail": line.detail, "unit": line.unit} for line in lines],
        "payment": _payment(payment, received, seller),
        "balance": f"{balance:.2f}",
        "corrects": _named(corrects) if corrects else None,
        "discount": discount,
        "advances": {str(advance.pk): _named(advance) for advance in advances},
        **({"reason": reason} if reason else {}),
    }


def _payment(payment: Payment | None, received: Decimal, seller: Seller) -> dict[str, str] | None:
    if payment is None or payment.succeeded_at is None:
        return None
    return {
        "method": payment.method,
        "on": seller.today(payment.succeeded_at).isoformat(),
        "amount": f"{received:.2f}",
    }


def _named(document: Document) -> dict[str, str]:
    return {"number": document.number, "on": document.issued_on.isoformat()}


def balance_at_issue(document: Document, words: Mapping[str, Any]) -> Decimal:
    """What was left to pay when a document was issued, in euros; what prints « payée » reads this.

    Those issued before it was written down were paid in full, or not at all.
    """
    if "balance" in words:
        return Decimal(words["balance"])
    if words["payment"] or document.kind == DocumentKind.CREDIT_NOTE:
        return ZERO
    return document.total_incl - sum((row.base + row.vat for row in document.deductions.all()), ZERO)


def mention_codes(seller: Seller, customer: Customer, *, credit: bool, outside: bool = False) -> list[str]:
    """List the mentions owed, by the seller's VAT regime and the buyer's kind (billing.md §2).

    What a business is told of paying late is on the invoice, not on the credit note. `outside`: a seller who
    charges VAT asks something without it.
    """
    codes = [*FOR_ALL]
    if seller.vat_regime == Seller.VatRegime.FRANCHISE:
        codes.append("vat_franchise")
    elif seller.vat_regime == Seller.VatRegime.EXEMPT:
        codes.append("vat_exempt")
    elif seller.vat_on_debits:
        codes.append("vat_on_debits")
    if outside:
        codes.append("vat_outside")
    return codes if credit else [*codes, *BY_BUYER[Customer.Buyer(customer.buyer_kind)]]


def mentions_for(
    seller: Seller, customer: Customer, day: dt.date, *, credit: bool = False, outside: bool = False
) -> list[dict[str, str]]:
    """Read the texts in force on `day`: the buyer's language where there is one, French otherwise."""
    codes = mention_codes(seller, customer, credit=credit, outside=outside)
    return _listed(codes, texts_of(codes, seller, customer, day))


def texts_of(codes: Sequence[str], seller: Seller, customer: Customer, day: dt.date) -> dict[str, str]:
    """Read texts by their codes, as `mentions_for`; a code without a text in force is left out."""
    in_force = Mention.objects.in_force(day).for_seller(seller).filter(code__in=codes)
    rows = in_force.values_list("language", "code", "text")
    texts: dict[str, str] = {}
    for wanted in ("fr", customer.language):
        texts.update({code: text for language, code, text in rows if language == wanted})
    return texts


def _listed(codes: Sequence[str], texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "text": texts[code]} for code in codes if code in texts]


def _notes(texts: Mapping[str, str], printed: Sequence[str]) -> dict[str, str]:
    missing = texts.get(NOT_APPLICABLE, "")
    return {
        note: next((texts[code] for code in codes if code in printed and code in texts), missing)
        for note, codes in NOTES.items()
    }
