"""Stripe down, a connection lost, a worker killed: nothing is lost, nothing happens twice."""

import datetime as dt

import pytest

from billing.errors import PaymentUnavailable
from billing.models import Order
from billing.payments import stripe_gateway as gateway
from billing.payments.receiving import note
from billing.settlement.settling import settle, settle_due
from members.models import Message
from tests.billing.checkout.steps import click, come_back, make_known, session_of
from tests.factories.billing import TrialHandler
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries")]


def test_case_14_stripe_down_keeps_the_order_and_the_next_click_uses_the_same_key(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    standin.go_down()
    with pytest.raises(PaymentUnavailable):
        click(order, now)
    order.refresh_from_db()
    assert order.state == "open"
    standin.come_back()
    click(order, now + dt.timedelta(minutes=1))
    assert order.payments.get().attempt == 1
    assert len(standin.sessions()) == 1


def test_case_15_a_connection_lost_after_the_session_was_made_finds_it_again(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    make_known(order)
    standin.fault(drop_after=3)
    with pytest.raises(PaymentUnavailable):
        click(order, now)
    standin.come_back()
    assert len(standin.sessions()) == 1
    click(order, now + dt.timedelta(minutes=7))
    assert len(standin.sessions()) == 1
    assert order.payments.count() == 1


def test_case_16_a_worker_killed_between_payment_and_fulfilment_loses_nothing(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    note(order.payments.get(), gateway.retrieve_session(session_of(order)), now=now)
    order.refresh_from_db()
    assert (order.state, trial.told) == ("open", [])
    assert settle_due(now) == 1
    order.refresh_from_db()
    assert order.state == "accepted"
    assert settle_due(now) == 0


def test_case_17_what_is_owed_is_written_with_the_fulfilment(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    come_back(order, now)
    message = Message.objects.get()
    assert (message.state, message.template) == ("owed", "billing/invoice")
    settle(order.payments.get().pk, now=now)
    assert Message.objects.count() == 1
