"""A quote is accepted: the proof is kept, the advance is ordered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from billing.chain import digest
from billing.documents.sums import rate
from billing.models import Order, Product, Quote, Seller
from billing.money import Priced
from billing.orders.services import NewLine, place_order
from billing.quotes.amounts import advances_of
from billing.quotes.buyers import said_anew
from billing.quotes.services import content
from members.transactions import require_transaction

ADVANCES_ACCOUNT = "419100"
"""Where advances wait until the final invoice (billing.md §6)."""


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


def accept(quote: Quote, *, evidence: Evidence, advance: Advance, now: dt.datetime) -> Order | None:
    """Step: keep the proof of an acceptance, and order the advance; None where none is asked."""
    require_transaction()
    quote.purchase_order = evidence.purchase_order
    quote.accepted_buyer = said_anew(quote.customer.words, evidence.buyer)
    order = _order_advance(quote, advance, now)
    quote.state, quote.accepted_at = Quote.State.ACCEPTED, now
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
