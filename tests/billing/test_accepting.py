"""Accepting an order: each row of the table of how orders are paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from billing.documents.content import content
from billing.errors import CouldNotFulfil, HoldEnded, NoTerms, OrderNotOpen
from billing.models import Document, Order, OrderLine, Payment, PaymentEvent
from billing.settlement import services as settlement
from members.models import Message
from tests.factories.billing import (
    TrialHandler,
    make_customer,
    make_order,
    make_product,
    make_seller,
    new_line,
    payer,
    person,
)
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def test_what_costs_nothing_is_accepted_at_once_without_a_document(
    now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(price="0.00", now=now)
    assert order.needs_no_payment
    with transaction.atomic():
        assert settlement.accept(order, means="free", now=now) is None
    order.refresh_from_db()
    assert (order.state, order.means, order.accepted_at) == ("accepted", "free", now)
    assert trial.told == [("accepted", "Salle Essai"), ("confirmed", "")]
    assert not Document.objects.exists()


def test_a_customer_with_terms_gets_an_invoice_due_by_them(now: dt.datetime, trial: TrialHandler) -> None:
    customer = make_customer(terms_days=30)
    order = make_order(customer=customer, now=now)
    document = settlement.accept_on_terms(order=order, by=person(customer), now=now)
    assert document is not None
    assert document.due_on == dt.date(2026, 12, 24)
    assert (document.total_excl, document.total_vat, document.total_incl) == (
        Decimal("30.00"),
        Decimal("6.00"),
        Decimal("36.00"),
    )
    assert Document.objects.unpaid().get().owed == Decimal("36.00")
    message = Message.objects.get()
    assert (message.template, message.attachments) == ("billing/invoice", [f"document:{document.pk}"])


def test_the_invoice_goes_with_the_confirmation_of_who_carries_it(
    now: dt.datetime, trial: TrialHandler
) -> None:
    trial.carries = True
    customer = make_customer(terms_days=30)
    settlement.accept_on_terms(order=make_order(customer=customer, now=now), by=person(customer), now=now)
    assert not Message.objects.exists()


def test_terms_are_refused_to_who_has_none_and_nothing_changes(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now)
    with pytest.raises(NoTerms):
        settlement.accept_on_terms(order=order, by=payer(order), now=now)
    order.refresh_from_db()
    assert order.state == "open"
    assert trial.told == []
    assert not Document.objects.exists()


def test_terms_come_too_late_once_the_hold_has_ended(now: dt.datetime, trial: TrialHandler) -> None:
    customer = make_customer(terms_days=30)
    order = make_order(customer=customer, now=now)
    with pytest.raises(HoldEnded):
        settlement.accept_on_terms(order=order, by=person(customer), now=now + dt.timedelta(minutes=15))
    assert trial.told == []


def test_what_cannot_be_had_is_refused_where_nothing_was_paid(now: dt.datetime, trial: TrialHandler) -> None:
    trial.gone.add("Salle Essai")
    customer = make_customer(terms_days=30)
    order = make_order(customer=customer, now=now)
    with pytest.raises(CouldNotFulfil):
        settlement.accept_on_terms(order=order, by=person(customer), now=now)
    order.refresh_from_db()
    assert order.state == "open"
    assert order.lines.get().state == "pending"
    assert not Document.objects.exists()


def test_choosing_the_desk_keeps_the_order_for_longer(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now)
    until = now + dt.timedelta(hours=26)
    order = settlement.choose_desk(order=order, until=until, by=payer(order), now=now)
    assert (order.state, order.means, order.expires_at) == ("open", "desk", until)
    assert trial.held_until == {"Salle Essai": until}


@pytest.mark.parametrize("method", ["cash", "terminal", "cheque", "transfer"])
def test_money_taken_at_the_desk_accepts_the_order(
    now: dt.datetime, trial: TrialHandler, method: str
) -> None:
    order, manager = make_order(now=now), make_user(role="manager")
    payment = settlement.take_at_desk(order=order, method=method, by=manager, now=now)
    order.refresh_from_db()
    assert (order.state, order.means) == ("accepted", "desk")
    document = Document.objects.with_balance().get()
    assert (document.paid, document.owed) == (Decimal("36.00"), Decimal("0.00"))
    event = PaymentEvent.objects.get()
    assert (event.kind, event.payment, event.operator) == ("desk_taking", payment, manager)
    assert event.vat == [{"rate": "20.00", "incl": "36.00"}]


def test_the_desk_takes_no_money_for_what_cannot_be_had(now: dt.datetime, trial: TrialHandler) -> None:
    trial.gone.add("Salle Essai")
    order = make_order(now=now)
    with pytest.raises(CouldNotFulfil):
        settlement.take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=now)
    assert not Payment.objects.exists()
    assert not PaymentEvent.objects.exists()
    order.refresh_from_db()
    assert order.state == "open"


def test_the_desk_takes_what_is_owed_on_an_invoice(now: dt.datetime, trial: TrialHandler) -> None:
    customer = make_customer(terms_days=30)
    order = make_order(customer=customer, now=now)
    settlement.accept_on_terms(order=order, by=person(customer), now=now)
    manager = make_user(role="manager")
    payment = settlement.take_at_desk(order=order, method="transfer", by=manager, now=now)
    assert payment.amount == Decimal("36.00")
    assert not Document.objects.unpaid().exists()
    with pytest.raises(OrderNotOpen):
        settlement.take_at_desk(order=order, method="transfer", by=manager, now=now)
    assert Payment.objects.count() == 1


def test_an_order_given_up_frees_what_it_held(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now)
    settlement.cancel_order(order=order, by=payer(order), now=now)
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert order.lines.get().state == "cancelled"
    assert trial.told == [("cancelled", "Salle Essai")]
    with pytest.raises(OrderNotOpen):
        settlement.cancel_order(order=order, by=payer(order), now=now)


def test_a_seller_under_franchise_charges_no_vat(now: dt.datetime, trial: TrialHandler) -> None:
    seller = make_seller(vat_regime="franchise")
    customer = make_customer(terms_days=0)
    order = make_order(seller=seller, customer=customer, price="184.20", now=now)
    document = settlement.accept_on_terms(order=order, by=person(customer), now=now)
    assert document is not None
    assert (document.total_vat, document.total_incl) == (Decimal("0.00"), Decimal("184.20"))
    mentions = [mention["code"] for mention in document.snapshot.content["mentions"]]
    assert mentions == ["operation_services", "vat_franchise"]
    printed = content(document)
    assert printed["paid"] == "À régler à réception."
    assert "à réception" in {each["value"] for each in printed["dates"]}


def test_an_order_of_several_lines_is_invoiced_rate_by_rate(now: dt.datetime, trial: TrialHandler) -> None:
    seller, customer = make_seller(), make_customer(terms_days=30, siren="732829320")
    room = make_product(seller, price_basis="ht")
    coffee = make_product(seller, price_basis="ht", vat_rate=Decimal("10.00"))
    lines = [
        new_line(room, "15.00", quantity=Decimal(2), unit="h"),
        new_line(coffee, "1.50", quantity=Decimal(8), label="Café"),
    ]
    order = make_order(seller=seller, customer=customer, lines=lines, now=now)
    document = settlement.accept_on_terms(order=order, by=person(customer), now=now)
    assert document is not None
    rows = [(row.rate, row.base, row.vat) for row in document.vat_rows.all()]
    assert rows == [
        (Decimal("20.00"), Decimal("30.00"), Decimal("6.00")),
        (Decimal("10.00"), Decimal("12.00"), Decimal("1.20")),
    ]
    codes = [mention["code"] for mention in document.snapshot.content["mentions"]]
    assert codes == ["operation_services", "vat_on_debits", "no_discount", "late_penalties", "recovery_fee"]
    assert {line.state for line in OrderLine.objects.all()} == {"fulfilled"}
    assert Order.objects.get().total == Decimal("49.20")
