"""The gateway through the real SDK, over HTTP, against the stand-in."""

import json
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from billing.payments import stripe_gateway as gateway
from billing.payments.answers import Event, RefundAnswer, Session, SessionLine
from billing.payments.errors import BadSignature, GatewayRefused, GatewayUnavailable
from tests.fixtures_standin import DECLINED, REFUND_PENDS, Standin

pytestmark = pytest.mark.django_db
ENDS = datetime.fromtimestamp(int(time.time()) + 6 * 3600, tz=UTC)
"""The same whenever a session is asked for again: another end would be another request."""


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits half a second before it tries again; here it does not."""
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0.01)


def create(key: str = "paiement-1-essai-1", **changed: Any) -> Session:
    wanted: dict[str, Any] = {
        "lines": [
            SessionLine("Poste 7, mardi matin", Decimal("12.50"), 2),
            SessionLine("Café", Decimal("1.05")),
        ],
        "customer_id": None,
        "email": "camille@exemple.fr",
        "reference": "commande-abc",
        "payment_reference": "paiement-1",
        "success_url": "http://127.0.0.1:9/retour?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/annuler",
        "expires_at": ENDS,
        "language": "fr",
        "idempotency_key": key,
    }
    return gateway.create_session(**{**wanted, **changed})


def paid(standin: Standin, **how: Any) -> Session:
    session = create()
    assert standin.pay(session.id, **how) == "paid"
    return gateway.retrieve_session(session.id)


def refund(session: Session, amount: str, key: str) -> RefundAnswer:
    return gateway.create_refund(
        payment_intent_id=session.payment_intent_id,
        amount=Decimal(amount),
        reference="remboursement-1",
        idempotency_key=key,
    )


def test_a_session_says_what_was_asked(standin: Standin) -> None:
    ends = datetime.fromtimestamp(int(time.time()) + 2400, tz=UTC)
    session = create(expires_at=ends)
    assert (session.status, session.payment_status, session.is_paid) == ("open", "unpaid", False)
    assert (session.amount_total, session.currency) == (Decimal("26.05"), "eur")
    assert session.client_reference_id == "commande-abc"
    assert session.metadata == {"order": "commande-abc", "payment": "paiement-1"}
    assert session.expires_at == ends
    assert session.url is not None
    assert session.url.startswith(standin.base)
    assert (session.payment_intent_id, session.livemode, gateway.key_is_live()) == ("", False, False)


def test_a_session_for_a_known_customer(standin: Standin) -> None:
    customer = gateway.create_customer(
        name="Camille", email="camille@exemple.fr", reference="7", idempotency_key="client-7"
    )
    assert create(customer_id=customer).customer_id == customer


def test_a_paid_session_names_its_intent(standin: Standin) -> None:
    session = paid(standin)
    assert (session.is_paid, session.url, session.payment_intent_status) == (True, None, "succeeded")
    assert session.payment_intent_id.startswith("pi_")


def test_a_declined_card_changes_nothing_for_us(standin: Standin) -> None:
    session = create()
    standin.pay(session.id, card=DECLINED)
    known = gateway.retrieve_session(session.id)
    assert (known.status, known.is_paid, known.payment_intent_status) == (
        "open",
        False,
        "requires_payment_method",
    )


def test_expiring_closes_an_open_session(standin: Standin) -> None:
    assert gateway.expire_session(create().id).status == "expired"


def test_expiring_a_session_that_was_paid_gives_it_as_it_is(standin: Standin) -> None:
    session = gateway.expire_session(paid(standin).id)
    assert (session.status, session.is_paid) == ("complete", True)


def test_an_unknown_session_is_refused(standin: Standin) -> None:
    for ask in (gateway.retrieve_session, gateway.expire_session):
        with pytest.raises(GatewayRefused) as refusal:
            ask("cs_test_nobody")
        assert refusal.value.code == "resource_missing"


def test_an_end_too_near_is_refused_and_nothing_is_kept(standin: Standin) -> None:
    with pytest.raises(GatewayRefused, match="30 minutes"):
        create(expires_at=datetime.now(tz=UTC) + timedelta(minutes=20))
    assert standin.sessions() == []


def test_an_amount_finer_than_a_cent_is_our_own_mistake(standin: Standin) -> None:
    with pytest.raises(ValueError, match="whole cents"):
        create(lines=[SessionLine("x", Decimal("1.005"))])
    assert standin.sessions() == []


def test_stripe_down_then_up_gives_one_session_with_the_same_key(standin: Standin) -> None:
    standin.go_down()
    with pytest.raises(GatewayUnavailable):
        create()
    standin.come_back()
    assert create().id == create().id
    assert len(standin.sessions()) == 1


def test_nothing_listens_at_all(standin: Standin, settings: Settings) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(GatewayUnavailable):
        create()


def test_a_connection_lost_after_stripe_worked_finds_the_same_session(standin: Standin) -> None:
    standin.fault(drop_after=3)
    with pytest.raises(GatewayUnavailable):
        create()
    made = standin.sessions()
    assert [create().id] == [one["id"] for one in made]
    assert len(standin.sessions()) == 1


def test_the_sdk_overcomes_a_lost_connection_and_a_conflict_by_itself(standin: Standin) -> None:
    standin.fault(drop_after=1)
    create("essai-1")
    standin.fault(conflict=2)
    create("essai-2")
    assert len(standin.sessions()) == 2


def test_too_many_requests_can_be_tried_again_with_the_same_key(standin: Standin) -> None:
    standin.fault(rate_limited=1)
    with pytest.raises(GatewayUnavailable):
        create()
    assert create().status == "open"
    assert len(standin.sessions()) == 1


def test_a_lasting_conflict_can_be_tried_again_with_the_same_key(standin: Standin) -> None:
    standin.fault(conflict=3)
    with pytest.raises(GatewayUnavailable):
        create()
    assert create().status == "open"
    assert len(standin.sessions()) == 1


def test_a_key_used_for_another_amount_is_refused(standin: Standin) -> None:
    create()
    with pytest.raises(GatewayRefused) as refusal:
        create(lines=[SessionLine("Poste 8", Decimal("99.00"))])
    assert refusal.value.code == "idempotency_error"
    assert len(standin.sessions()) == 1


def test_a_wrong_key_is_refused(standin: Standin, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    with pytest.raises(GatewayRefused, match="Invalid API Key"):
        create()
    assert standin.sessions() == []


def test_refuses_to_call_inside_a_transaction(standin: Standin) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        create()
    with transaction.atomic(), pytest.raises(RuntimeError):
        next(gateway.list_events(datetime.now(tz=UTC), ["refund.created"]))
    assert standin.sessions() == []


def test_a_part_then_the_rest_then_one_more_is_refused(standin: Standin) -> None:
    session = paid(standin)
    assert refund(session, "10.00", "r-1").status == "succeeded"
    assert refund(session, "10.00", "r-1").amount == Decimal("10.00")
    with pytest.raises(GatewayRefused, match="greater than unrefunded"):
        refund(session, "16.06", "r-2")
    assert refund(session, "16.05", "r-3").payment_intent_id == session.payment_intent_id
    with pytest.raises(GatewayRefused) as refusal:
        refund(session, "0.01", "r-4")
    assert refusal.value.code == "charge_already_refunded"
    assert [one["amount"] for one in standin.refunds()] == [1605, 1000]


def test_a_refund_may_be_slow_and_may_come_back(standin: Standin) -> None:
    made = refund(paid(standin, card=REFUND_PENDS), "26.05", "r-1")
    assert (made.status, made.metadata) == ("pending", {"refund": "remboursement-1"})
    standin.settle_refund(made.id)
    assert gateway.retrieve_refund(made.id).status == "succeeded"
    standin.fail_refund(made.id, "expired_or_canceled_card")
    known = gateway.retrieve_refund(made.id)
    assert (known.status, known.failure_reason) == ("failed", "expired_or_canceled_card")


def test_events_are_listed_over_several_pages(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "PAGE", 2)
    sessions = [create(f"essai-{rank}") for rank in range(5)]
    for session in sessions:
        standin.pay(session.id)
    since = datetime.now(tz=UTC) - timedelta(days=3)
    found = list(gateway.list_events(since, ["checkout.session.completed"]))
    assert [event.object_id for event in found] == [session.id for session in reversed(sessions)]
    assert found[0] == gateway.retrieve_event(found[0].id)
    assert list(gateway.list_events(datetime.now(tz=UTC) + timedelta(minutes=1), ["refund.created"])) == []


@pytest.fixture
def webhook(standin: Standin) -> tuple[bytes, str]:
    paid(standin)
    ((body, header),) = standin.webhook_bodies("checkout.session.completed")
    return body, header


def test_a_signed_event_is_read(standin: Standin, webhook: tuple[bytes, str]) -> None:
    event = gateway.read_event(*webhook)
    assert isinstance(event, Event)
    assert (event.type, event.object_type, event.livemode) == (
        "checkout.session.completed",
        "checkout.session",
        False,
    )
    assert event.object_id == standin.sessions()[0]["id"]
    assert event == gateway.retrieve_event(event.id)
    assert json.dumps(event.payload)


def test_a_rotated_secret_and_the_new_one_are_both_accepted(
    standin: Standin, webhook: tuple[bytes, str], settings: Settings
) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", standin.webhook_secret]
    body, header = webhook
    assert gateway.read_event(body, header) == gateway.read_event(
        body, standin.sign(body, secret="whsec_new")
    )


def test_a_wrong_old_or_missing_signature_is_refused(standin: Standin, webhook: tuple[bytes, str]) -> None:
    body, header = webhook
    old = standin.sign(body, at=time.time() - 301)
    other = standin.sign(body, secret="whsec_other")
    for bad in (old, other, "", "t=1", "nonsense", header.replace("v1=", "v0="), header + "0"):
        with pytest.raises(BadSignature):
            gateway.read_event(body, bad)
    for changed in (body + b" ", b"\xff\xfe", b""):
        with pytest.raises(BadSignature):
            gateway.read_event(changed, header)


def test_a_signed_body_that_is_no_event_is_refused(standin: Standin) -> None:
    for body in (b"not json", b"[]", b"{}", b'{"id": "evt_1"}'):
        with pytest.raises(BadSignature):
            gateway.read_event(body, standin.sign(body))
