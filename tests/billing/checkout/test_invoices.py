"""Paying by card an invoice of an order that was accepted before: what is left, and never more."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.errors import InvoicePaid
from billing.models import Document, Order, Payment, Refund
from billing.payments.keeping import credits_left
from billing.payments.services import start_invoice_checkout
from billing.settlement.expiry import expire_if_idle
from billing.settlement.services import take_at_desk
from billing.settlement.sessions import release_sessions
from billing.settlement.settling import read_return
from cantine.audit.money import cards_that_left_something_owed
from tests.billing.checkout.steps import session_of
from tests.billing.collecting.steps import balance, enter, make_due
from tests.factories.members import make_user
from tests.fixtures_standin import DECLINED, Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries", "trial")]
D = Decimal


@pytest.fixture
def invoice(now: dt.datetime, standin: Standin) -> Document:
    """An invoice of 36 euros on terms."""
    return make_due(now)


def click(invoice: Document, now: dt.datetime) -> str:
    return start_invoice_checkout(invoice=invoice, by=None, now=now)


def come_back(order: Order, now: dt.datetime) -> Order:
    return read_return(order=order, session_id=session_of(order), now=now)


def test_the_rest_of_an_invoice_is_paid_by_card(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    enter(invoice, "20.00", now=now)
    click(invoice, now)
    payment = invoice.order.payments.get(method="card")
    assert (payment.amount, payment.invoice, payment.state) == (D("16.00"), invoice, "created")
    standin.pay(payment.session_id)
    come_back(invoice.order, now)
    assert balance(invoice).owed == D("0.00")
    order = Order.objects.get(pk=invoice.order_id)
    assert (order.state, order.means, Document.objects.count()) == ("accepted", "terms", 1)
    come_back(order, now)
    assert (invoice.allocations.count(), Refund.objects.count()) == (2, 0)
    with pytest.raises(InvoicePaid):
        click(invoice, now)


def test_two_clicks_are_one_session_and_its_page_stays_open(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    assert click(invoice, now) == click(invoice, now + dt.timedelta(minutes=5))
    assert release_sessions(now) == 0
    assert Payment.objects.get().state == "created"


def test_a_page_that_asks_more_than_is_left_is_closed_and_a_new_one_made(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    first = click(invoice, now)
    enter(invoice, "20.00", now=now)
    assert click(invoice, now) != first
    assert release_sessions(now) == 1
    states = Payment.objects.filter(method="card").order_by("pk").values_list("amount", "state")
    assert list(states) == [(D("36.00"), "expired"), (D("16.00"), "created")]


def test_what_was_paid_meanwhile_is_not_paid_twice(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    click(invoice, now)
    session = session_of(invoice.order)
    enter(invoice, "20.00", now=now)
    standin.pay(session)
    read_return(order=invoice.order, session_id=session, now=now)
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, balance(invoice).owed) == (D("20.00"), "double", D("0.00"))
    assert not credits_left().exists()


def test_paid_at_the_desk_meanwhile_the_card_goes_back_in_full(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    click(invoice, now)
    session = session_of(invoice.order)
    standin.pay(session)
    take_at_desk(order=invoice.order, method="cash", by=make_user(role="manager"), now=now)
    read_return(order=invoice.order, session_id=session, now=now)
    assert (Refund.objects.get().amount, balance(invoice).paid) == (D("36.00"), D("36.00"))


def test_a_card_that_is_refused_or_a_page_left_changes_nothing(
    invoice: Document, standin: Standin, now: dt.datetime
) -> None:
    click(invoice, now)
    standin.pay(session_of(invoice.order), card=DECLINED)
    order = come_back(invoice.order, now)
    expire_if_idle(order, now=now)
    order.refresh_from_db()
    assert (order.state, balance(invoice).owed) == ("accepted", D("36.00"))
    assert list(cards_that_left_something_owed()) == []
