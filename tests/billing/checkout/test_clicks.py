"""Paying by card, through the unmodified SDK over HTTP: the click, a second one, and giving up."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import Settings

from billing.errors import CardNotOffered, HoldEnded, OrderNotOpen, PaymentUnavailable
from billing.models import Document, Order, Payment, Refund
from billing.payments.keeping import credits_left
from billing.settlement.services import cancel_order, choose_desk
from billing.settlement.sessions import release_sessions
from billing.settlement.settling import take_session
from members.models import Message
from tests.billing.checkout.steps import click, come_back, make_known, session_of
from tests.billing.collecting.test_parts_of_orders import transferred
from tests.factories.billing import TrialHandler, payer
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries")]


def test_a_click_writes_the_attempt_and_keeps_the_order_for_its_length(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    url = click(order, now)
    payment = order.payments.get()
    session = standin.sessions()[0]
    assert url == session["url"] == payment.session_url
    assert session["amount_total"] == 3600
    assert session["client_reference_id"] == order.public_id
    assert payment.expires_at == now.replace(microsecond=0) + dt.timedelta(minutes=40)
    assert session["expires_at"] == int(payment.expires_at.timestamp())
    order.refresh_from_db()
    assert order.expires_at == payment.expires_at + dt.timedelta(minutes=2)
    assert trial.held_until["Salle Essai"] == order.expires_at


def test_case_1_a_double_click_opens_one_session(order: Order, standin: Standin, now: dt.datetime) -> None:
    assert click(order, now) == click(order, now + dt.timedelta(seconds=1))
    assert len(standin.sessions()) == 1
    assert order.payments.count() == 1


def test_case_1_coming_back_half_an_hour_later_resumes_the_same_session(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    assert click(order, now) == click(order, now + dt.timedelta(minutes=30))
    assert len(standin.sessions()) == 1


@pytest.mark.usefixtures("trial")
def test_a_card_pays_what_a_transfer_left_to_pay(order: Order, standin: Standin, now: dt.datetime) -> None:
    transferred(order, "20.00", now)
    click(order, now)
    session = standin.sessions()[0]
    assert (session["amount_total"], order.payments.get(method="card").amount) == (1600, Decimal("16.00"))
    standin.pay(session["id"])
    take_session(session["id"], now=now)
    document = Document.objects.with_balance().get(order=order)
    assert (document.owed, credits_left().count(), Refund.objects.count()) == (Decimal("0.00"), 0, 0)


@pytest.mark.usefixtures("trial")
def test_a_card_that_pays_all_while_a_part_comes_by_transfer_has_the_part_back(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    click(order, now)
    transferred(order, "20.00", now)
    whole = standin.sessions()[0]["id"]
    standin.pay(whole)
    take_session(whole, now=now)
    document = Document.objects.with_balance().get(order=order)
    refund = Refund.objects.get()
    assert (document.owed, credits_left().count()) == (Decimal("0.00"), 0)
    assert (refund.amount, refund.payment.method) == (Decimal("20.00"), "card")


def two_sessions(order: Order, standin: Standin, now: dt.datetime) -> tuple[Payment, Payment]:
    """The answer to a first click is lost for so long that a second one begins anew."""
    make_known(order)
    standin.fault(drop_after=3)
    with pytest.raises(PaymentUnavailable):
        click(order, now)
    standin.come_back()
    click(order, now + dt.timedelta(minutes=9))
    first, second = order.payments.order_by("attempt")
    assert (first.session_id, bool(second.session_id)) == ("", True)
    assert len(standin.sessions()) == 2
    return first, second


def test_case_2_of_two_sessions_the_first_paid_wins_and_the_other_is_closed(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    _first, second = two_sessions(order, standin, now)
    lost, kept = standin.sessions()[1]["id"], second.session_id
    standin.pay(lost)
    take_session(lost, now=now)
    order.refresh_from_db()
    assert order.state == "accepted"
    release_sessions(now)
    states = {session["id"]: session["status"] for session in standin.sessions()}
    assert states == {lost: "complete", kept: "expired"}
    assert sorted(order.payments.values_list("state", flat=True)) == ["expired", "succeeded"]
    assert not Refund.objects.exists()


def test_case_2_of_two_sessions_paid_the_second_is_refunded(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    two_sessions(order, standin, now)
    for session in standin.sessions():
        standin.pay(session["id"])
        take_session(session["id"], now=now)
    assert Document.objects.count() == 1
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (Decimal("36.00"), "double")
    assert [word for word, _ in trial.told] == ["accepted", "confirmed"]
    assert Message.objects.filter(template="billing/refunded").count() == 1


def test_case_9_a_tariff_that_changes_while_paying_changes_nothing(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    click(order, now)
    line = order.lines.get()
    line.product.vat_rate = Decimal("10.00")
    line.product.save()
    standin.pay(session_of(order))
    come_back(order, now)
    document = Document.objects.get()
    assert (document.total_incl, document.total_vat) == (Decimal("36.00"), Decimal("6.00"))


def test_an_order_given_up_closes_its_session_and_a_payment_made_meanwhile_is_refunded(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    assert order.placed_by is not None
    cancel_order(order=order, by=order.placed_by, now=now)
    assert release_sessions(now) == 1
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount) == ("given_up", Decimal("36.00"))
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert release_sessions(now) == 0


def test_an_order_given_up_closes_its_session(order: Order, standin: Standin, now: dt.datetime) -> None:
    click(order, now)
    assert order.placed_by is not None
    cancel_order(order=order, by=order.placed_by, now=now)
    release_sessions(now)
    assert standin.sessions()[0]["status"] == "expired"
    payment = order.payments.get()
    assert (payment.state, payment.released_at) == ("expired", now)


def test_paying_is_refused_once_the_hold_has_ended(order: Order, standin: Standin, now: dt.datetime) -> None:
    with pytest.raises(HoldEnded):
        click(order, now + dt.timedelta(minutes=15))
    assert order.placed_by is not None
    cancel_order(order=order, by=order.placed_by, now=now)
    with pytest.raises(OrderNotOpen):
        click(order, now)
    assert standin.sessions() == []
    assert not Payment.objects.exists()


def test_an_order_to_be_paid_at_the_desk_stays_kept_when_a_card_is_tried(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    until = now + dt.timedelta(hours=20)
    choose_desk(order=order, until=until, by=payer(order), now=now)
    click(order, now)
    standin.expire(session_of(order))
    take_session(session_of(order), now=now)
    order.refresh_from_db()
    assert (order.state, order.means, order.expires_at) == ("open", "desk", until)


def test_cards_are_not_offered_without_a_key(order: Order, settings: Settings, now: dt.datetime) -> None:
    settings.STRIPE_SECRET_KEY = "off"
    with pytest.raises(CardNotOffered):
        click(order, now)
    assert not Payment.objects.exists()


def test_the_gateway_refuses_to_be_called_inside_a_transaction(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        click(order, now)
    assert standin.sessions() == []
