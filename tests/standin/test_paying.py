"""Test cards and what becomes of the session, the intent and the charge."""

import pytest
import stripe

from tests.fixtures_standin import ASKS, DECLINED, NO_FUNDS, Standin
from tests.standin.api import client, open_session, paid_session


def test_a_good_card_pays(standin: Standin) -> None:
    session = paid_session(standin)
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    intent = client(standin).v1.payment_intents.retrieve(
        str(session.payment_intent), {"expand": ["latest_charge.balance_transaction"]}
    )
    assert (intent.status, intent.amount_received) == ("succeeded", 3600)
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    entry = charge.balance_transaction
    assert isinstance(entry, stripe.BalanceTransaction)
    assert (entry.amount, entry.fee, entry.net) == (3600, 79, 3521)
    assert standin.event_types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(("card", "code"), [(DECLINED, "generic_decline"), (NO_FUNDS, "insufficient_funds")])
def test_a_declined_card_leaves_the_session_open(standin: Standin, card: str, code: str) -> None:
    session = open_session(standin)
    assert standin.pay(session.id, card=card) == "refused"
    known = client(standin).v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (known.status, known.payment_status) == ("open", "unpaid")
    intent = known.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.decline_code == code
    assert "checkout.session.completed" not in standin.event_types()


def test_another_card_pays_after_a_refusal_with_the_same_intent(standin: Standin) -> None:
    session = open_session(standin)
    standin.pay(session.id, card=DECLINED)
    assert standin.pay(session.id) == "paid"
    assert [one["status"] for one in standin.get("/v1/payment_intents")["data"]] == ["succeeded"]
    assert [one["status"] for one in standin.get("/v1/charges")["data"]] == ["succeeded", "failed"]


def test_a_card_that_asks_pays_once_the_bank_is_answered(standin: Standin) -> None:
    session = open_session(standin)
    assert standin.pay(session.id, card=ASKS) == "paid"
    charge = standin.get("/v1/charges")["data"][0]
    assert charge["payment_method_details"]["card"]["three_d_secure"]["result"] == "authenticated"
    assert "payment_intent.requires_action" in standin.event_types()


def test_a_card_that_asks_is_refused_when_the_bank_is_not_answered(standin: Standin) -> None:
    session = open_session(standin)
    assert standin.pay(session.id, card=ASKS, agree=False) == "refused"
    assert standin.sessions()[0]["status"] == "open"
    assert standin.get("/v1/charges")["data"] == []


def test_a_paid_session_cannot_be_paid_again(standin: Standin) -> None:
    session = paid_session(standin)
    with pytest.raises(OSError, match="400"):
        standin.pay(session.id)
    assert len(standin.get("/v1/charges")["data"]) == 1


def test_an_expired_session_takes_its_intent_with_it(standin: Standin) -> None:
    session = open_session(standin)
    standin.pay(session.id, card=DECLINED)
    standin.expire(session.id)
    assert standin.get("/v1/payment_intents")["data"][0]["status"] == "canceled"
