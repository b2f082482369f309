"""What the tests of collecting begin with: invoices due, transfers, steps of dunning."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Customer, Document, DunningStep, Seller, Transfer
from billing.settlement.services import accept_on_terms
from members.models import User
from tests.factories.billing import make_customer, make_order, make_seller
from tests.factories.members import make_user

IBAN, BIC = "FR7630006000011234567890189", "TESTFRPP"
STEPS = ((1, 8, False), (2, 23, True), (3, 45, True))


def make_debtor(**fields: Any) -> Customer:
    """A business that pays thirty days after its invoices."""
    return make_customer(
        None, **{"terms_days": 30, "buyer": "business", "siren": "732829320", "name": "Nuages bas", **fields}
    )


def make_due(
    now: dt.datetime,
    price: str = "36.00",
    *,
    customer: Customer | None = None,
    seller: Seller | None = None,
) -> Document:
    """An invoice on terms."""
    customer = customer or make_debtor()
    order = make_order(customer=customer, seller=seller or make_seller(iban=IBAN), price=price, now=now)
    document = accept_on_terms(order=order, by=customer.user, now=now)
    assert document is not None
    return balance(document)


def balance(document: Document) -> Document:
    """A document read again, with what is owed."""
    return Document.objects.with_balance().select_related("seller", "customer", "order").get(pk=document.pk)


def enter(
    document: Document,
    amount: str,
    parts: Sequence[Part] | None = None,
    *,
    now: dt.datetime,
    reference: str = "VIR NUAGES",
    by: User | None = None,
    another: bool = False,
) -> Transfer:
    """Enter a transfer of the customer of `document`, which it pays as far as it goes by itself."""
    whole = Decimal(amount)
    if parts is None:
        parts = [Part(min(whole, balance(document).owed), document)]
    received = Received(document.seller, document.customer, whole, now.date(), reference)
    return receive_transfer(received, parts, by=by or make_user(role="manager"), now=now, another=another)


def make_steps(since: dt.date = dt.date(2020, 1, 1)) -> list[DunningStep]:
    """The three steps, from long ago on."""
    DunningStep.objects.all().delete()
    return [
        DunningStep.objects.create(
            position=position,
            days_after=days,
            tells_charges=charges,
            subject_fr="Facture {numero}",
            text_fr="Bonjour {nom},\n\nil reste {montant}, dus le {echeance}.",
            subject_en="Invoice {numero}",
            text_en="Hello {nom},\n\n{montant} was due on {echeance}.",
            valid_from=since,
        )
        for position, days, charges in STEPS
    ]
