"""Stripe's webhook: stored once, answered at once, handled afterwards; safe twice and out of order."""

import datetime as dt
import json
import threading

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from billing.models import Anomaly, Document, Order, PaymentEvent, StripeEvent
from billing.payments.services import start_checkout
from billing.settlement.inbox import MAX_TRIES, handle_due
from billing.settlement.reconciliation import reconcile
from billing.settlement.settling import read_return
from tests.factories.billing import TrialHandler, make_order
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries")]
URL = "/stripe/webhook/"


@pytest.fixture
def now() -> dt.datetime:
    """The stand-in's clock is the real one."""
    return dt.datetime.now(tz=dt.UTC)


@pytest.fixture
def paid(now: dt.datetime, trial: TrialHandler, standin: Standin) -> Order:
    """An order that was just paid, and of which we know nothing yet."""
    order = make_order(now=now)
    assert order.placed_by is not None
    start_checkout(order=order, by=order.placed_by, now=now)
    standin.pay(order.payments.get().session_id)
    return order


def post(body: bytes, signature: str) -> int:
    return Client().post(URL, body, "application/json", headers={"Stripe-Signature": signature}).status_code


def deliver(standin: Standin, *types: str) -> list[int]:
    return [post(body, signature) for body, signature in standin.webhook_bodies(*types)]


def later(now: dt.datetime, **much: int) -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC) + dt.timedelta(**(much or {"seconds": 1}))


def test_case_3_the_webhook_before_the_return(paid: Order, standin: Standin, now: dt.datetime) -> None:
    assert deliver(standin, "checkout.session.completed") == [200]
    paid.refresh_from_db()
    assert paid.state == "open"
    handle_due(later(now))
    paid.refresh_from_db()
    assert paid.state == "accepted"
    read_return(order=paid, session_id=paid.payments.get().session_id, now=later(now))
    assert (Document.objects.count(), PaymentEvent.objects.count()) == (1, 1)


def test_case_4_the_nightly_reconciliation_finds_what_no_webhook_told(
    paid: Order, standin: Standin, now: dt.datetime
) -> None:
    assert reconcile(later(now)) >= 1
    handle_due(later(now))
    paid.refresh_from_db()
    assert paid.state == "accepted"
    assert reconcile(later(now)) == 0


def test_case_5_the_same_event_five_times_is_one(paid: Order, standin: Standin, now: dt.datetime) -> None:
    for _ in range(5):
        assert deliver(standin, "checkout.session.completed") == [200]
    assert StripeEvent.objects.count() == 1
    handle_due(later(now))
    StripeEvent.objects.update(state="received", next_try_at=now)
    handle_due(later(now))
    assert (Document.objects.count(), PaymentEvent.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_case_5_the_same_event_five_times_at_once_is_one(
    paid: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    body, signature = standin.webhook_bodies("checkout.session.completed")[0]
    answers: list[int] = []

    def send() -> None:
        answers.append(post(body, signature))
        handle_due(later(now))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 5
    assert (StripeEvent.objects.count(), Document.objects.count(), PaymentEvent.objects.count()) == (1, 1, 1)
    assert trial.told.count(("accepted", "Salle Essai")) == 1


def test_case_6_events_out_of_order_end_the_same(paid: Order, standin: Standin, now: dt.datetime) -> None:
    session = paid.payments.get().session_id
    body, _ = standin.webhook_bodies("checkout.session.completed")[0]
    expired = json.loads(body)
    expired |= {"id": "evt_invented", "type": "checkout.session.expired"}
    expired["data"]["object"]["status"] = "expired"
    late = json.dumps(expired).encode()
    assert post(late, standin.sign(late)) == 200
    deliver(standin, "checkout.session.completed")
    handle_due(later(now))
    paid.refresh_from_db()
    assert (paid.state, paid.payments.get(session_id=session).state) == ("accepted", "succeeded")


def test_an_event_of_expiry_ends_the_order_that_waited(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(now=now)
    assert order.placed_by is not None
    start_checkout(order=order, by=order.placed_by, now=now)
    standin.expire(order.payments.get().session_id)
    deliver(standin, "checkout.session.expired")
    handle_due(later(now))
    order.refresh_from_db()
    assert (order.state, order.payments.get().state) == ("expired", "expired")
    assert trial.told == [("expired", "Salle Essai")]


def test_case_12_what_stripe_did_not_sign_is_refused_and_not_stored(paid: Order, standin: Standin) -> None:
    body, signature = standin.webhook_bodies("checkout.session.completed")[0]
    old = (dt.datetime.now(tz=dt.UTC) - dt.timedelta(minutes=6)).timestamp()
    assert post(body, "") == 400
    assert post(body + b" ", signature) == 400
    assert post(body, standin.sign(body, at=old)) == 400
    assert post(body, standin.sign(body, secret="whsec_of_someone_else")) == 400
    assert not StripeEvent.objects.exists()


def test_a_body_over_a_megabyte_is_refused(standin: Standin) -> None:
    body = b"x" * (1024 * 1024 + 1)
    assert post(body, standin.sign(body)) == 413
    assert not StripeEvent.objects.exists()


def test_the_webhook_takes_nothing_but_a_post() -> None:
    assert Client().get(URL).status_code == 405


def test_an_event_of_the_other_mode_is_refused_and_the_manager_told(paid: Order, standin: Standin) -> None:
    body, _ = standin.webhook_bodies("checkout.session.completed")[0]
    live = json.dumps(json.loads(body) | {"livemode": True}).encode()
    assert post(live, standin.sign(live)) == 400
    assert not StripeEvent.objects.exists()
    assert Anomaly.objects.get().kind == "wrong_mode"


def test_a_secret_being_rotated_serves_beside_the_new_one(
    paid: Order, standin: Standin, settings: Settings
) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", *settings.STRIPE_WEBHOOK_SECRETS]
    body, old = standin.webhook_bodies("checkout.session.completed")[0]
    assert post(body, old) == 200
    assert post(body, standin.sign(body, secret="whsec_new")) == 200
    assert StripeEvent.objects.count() == 1


def test_an_unknown_type_is_stored_and_done_with(paid: Order, standin: Standin, now: dt.datetime) -> None:
    body, _ = standin.webhook_bodies("checkout.session.completed")[0]
    other = json.dumps(json.loads(body) | {"id": "evt_other", "type": "price.created"}).encode()
    assert post(other, standin.sign(other)) == 200
    handle_due(later(now))
    assert StripeEvent.objects.get().state == "done"
    paid.refresh_from_db()
    assert paid.state == "open"


def test_a_session_that_is_not_ours_is_left_alone(paid: Order, standin: Standin, now: dt.datetime) -> None:
    paid.payments.update(session_id="cs_test_another")
    standin.change_session(standin.sessions()[0]["id"], metadata={})
    deliver(standin, "checkout.session.completed")
    handle_due(later(now))
    assert StripeEvent.objects.get().state == "done"
    paid.refresh_from_db()
    assert paid.state == "open"


def test_an_event_that_cannot_be_handled_is_tried_again_then_shown(
    paid: Order, standin: Standin, now: dt.datetime
) -> None:
    deliver(standin, "checkout.session.completed")
    standin.go_down()
    handle_due(later(now))
    event = StripeEvent.objects.get()
    assert (event.state, event.tries) == ("received", 1)
    assert event.error.startswith("GatewayUnavailable")
    assert handle_due(later(now)) == 0
    StripeEvent.objects.update(tries=MAX_TRIES - 1, next_try_at=now)
    handle_due(later(now))
    assert StripeEvent.objects.get().state == "failed"
    assert Anomaly.objects.get().kind == "stuck"
    paid.refresh_from_db()
    assert paid.state == "open"


def test_an_event_waits_for_stripe_to_come_back(paid: Order, standin: Standin, now: dt.datetime) -> None:
    deliver(standin, "checkout.session.completed")
    standin.go_down()
    handle_due(later(now))
    standin.come_back()
    handle_due(later(now, minutes=3))
    paid.refresh_from_db()
    assert paid.state == "accepted"
    assert StripeEvent.objects.get().state == "done"
