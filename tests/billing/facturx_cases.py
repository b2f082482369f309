"""Documents of every sort that French rules tell apart, for the tests of their data and their PDF."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from billing.documents.services import Discount, issue_credit_note, issue_invoice
from billing.models import Customer, Document
from billing.settlement.services import take_at_desk
from tests.billing.test_kinds import V1, advance, final, invoice
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user

D = Decimal
NOWHERE = {"address": "1, rue de l’Exemple", "postcode": "76000", "city": "Rouen"}
IBAN, BIC = "FR7630006000011234567890189", "TESTFRPP"


def buyer(kind: str, **more: str) -> Customer:
    numbers = {"siren": "732829320", "vat_number": "FR44732829320"} if kind != "consumer" else {}
    return make_customer(None, terms_days=30, buyer=kind, **numbers, **NOWHERE, **more)


def to_consumer(now: dt.datetime) -> Document:
    return invoice(now, ("30.00", "20.00"), customer=buyer("consumer"))


def to_business(now: dt.datetime) -> Document:
    seller = make_seller(iban=IBAN)
    return invoice(now, ("30.00", "20.00"), customer=buyer("business"), seller=seller)


def to_public_body(now: dt.datetime) -> Document:
    customer = buyer("public", service_code="SVC-12")
    order = make_order(customer=customer, seller=make_seller(iban=IBAN), now=now)
    order.purchase_order = "EJ-2026-7"
    order.save()
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def of_advance(now: dt.datetime) -> Document:
    return advance(now, customer=buyer("business"))


def after_advance(now: dt.datetime) -> Document:
    return final(now, [of_advance(now)])


def corrected(now: dt.datetime) -> Document:
    document = to_business(now)
    with transaction.atomic():
        return issue_credit_note(document, {document.lines.get(): D("12.00")}, now=now)


def at_several_rates(now: dt.datetime) -> Document:
    return invoice(now, *V1, customer=buyer("business"))


def discounted(now: dt.datetime) -> Document:
    return invoice(now, *V1, customer=buyer("business"), discount=Discount(D("33.57"), "Remise de 10 %"))


def under_franchise(now: dt.datetime) -> Document:
    seller = make_seller(vat_regime="franchise")
    return invoice(now, ("184.20", "20.00"), customer=buyer("business"), seller=seller)


def to_association_without_siren(now: dt.datetime) -> Document:
    return invoice(now, ("30.00", "20.00"), customer=make_customer(terms_days=30, buyer="association"))


def to_business_abroad(now: dt.datetime) -> Document:
    there = {"country": "BE", "postcode": "1000", "city": "Bruxelles", "address": "1, rue de l’Exemple"}
    customer = make_customer(None, terms_days=30, buyer="business", vat_number="BE0403019261", **there)
    return invoice(now, ("30.00", "20.00"), customer=customer)


def of_exempt_seller(now: dt.datetime) -> Document:
    return invoice(
        now, ("30.00", "20.00"), customer=buyer("business"), seller=make_seller(vat_regime="exempt")
    )


def for_no_day_in_particular(now: dt.datetime) -> Document:
    seller = make_seller()
    lines = [new_line(make_product(seller), supplied_on=None)]
    order = make_order(customer=buyer("business"), seller=seller, lines=lines, now=now)
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def over_several_days(now: dt.datetime) -> Document:
    """A month of desks on one invoice."""
    seller = make_seller()
    desk, days = make_product(seller), (dt.date(2026, 11, 3), dt.date(2026, 11, 26))
    lines = [new_line(desk, supplied_on=day) for day in days]
    order = make_order(customer=buyer("business"), seller=seller, lines=lines, now=now)
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def paid_at_once(now: dt.datetime) -> Document:
    order = make_order(customer=buyer("consumer"), now=now)
    take_at_desk(order=order, method="terminal", by=make_user(role="manager"), now=now)
    return order.documents.get()


def with_damages(now: dt.datetime) -> Document:
    """A final invoice that lets a hall and asks for a window outside VAT, less the advance."""
    seller, customer = make_seller(iban=IBAN, bic=BIC), buyer("business")
    first = advance(now, seller=seller, customer=customer)
    return final(now, [first], ("1200.00", "20.00"), ("80.00", "0.00"))


def advanced_in_full(now: dt.datetime) -> Document:
    """A final invoice of which the advance was the whole."""
    seller, customer = make_seller(iban=IBAN), buyer("business")
    first = advance(now, ("1200.00", "20.00"), seller=seller, customer=customer)
    return final(now, [first], ("1200.00", "20.00"))


def of_damages_taken_back(now: dt.datetime) -> Document:
    document = with_damages(now)
    with transaction.atomic():
        return issue_credit_note(document, {document.lines.get(position=2): D("80.00")}, now=now)


CASES: dict[Callable[[dt.datetime], Document], tuple[str, str]] = {
    to_consumer: ("380", "S1"),
    to_business: ("380", "S1"),
    to_public_body: ("380", "S1"),
    of_advance: ("386", "S1"),
    after_advance: ("380", "S4"),
    corrected: ("381", "S1"),
    at_several_rates: ("380", "S1"),
    discounted: ("380", "S1"),
    under_franchise: ("380", "S1"),
    to_association_without_siren: ("380", "S1"),
    to_business_abroad: ("380", "S1"),
    of_exempt_seller: ("380", "S1"),
    for_no_day_in_particular: ("380", "S1"),
    over_several_days: ("380", "S1"),
    paid_at_once: ("380", "S2"),
    with_damages: ("380", "S4"),
    advanced_in_full: ("380", "S4"),
    of_damages_taken_back: ("381", "S1"),
}
NINE = (
    to_consumer,
    to_business,
    to_public_body,
    of_advance,
    after_advance,
    corrected,
    at_several_rates,
    discounted,
    under_franchise,
)
