"""Refunds: in parts, too many, late, returned."""

import pytest
import stripe

from tests.fixtures_standin import REFUND_FAILS, REFUND_PENDS, Standin
from tests.standin.api import client, open_session, paid_session


def refund(standin: Standin, session: stripe.checkout.Session, amount: int | None = None) -> stripe.Refund:
    asked: stripe.params.RefundCreateParams = {"payment_intent": str(session.payment_intent)}
    if amount is not None:
        asked["amount"] = amount
    return client(standin).v1.refunds.create(asked)


def test_a_part_then_the_rest_then_one_more_is_refused(standin: Standin) -> None:
    session = paid_session(standin)
    assert refund(standin, session, 1000).status == "succeeded"
    assert refund(standin, session).amount == 2600
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(standin, session, 1)
    assert refusal.value.code == "charge_already_refunded"
    charge = standin.get("/v1/charges")["data"][0]
    assert (charge["amount_refunded"], charge["refunded"]) == (3600, True)
    assert [one["amount"] for one in standin.refunds()] == [2600, 1000]


def test_more_than_is_left_is_refused_and_nothing_goes_back(standin: Standin) -> None:
    session = paid_session(standin)
    refund(standin, session, 3000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        refund(standin, session, 601)
    assert len(standin.refunds()) == 1


def test_what_was_not_paid_cannot_go_back(standin: Standin) -> None:
    session = open_session(standin)
    standin.pay(session.id, card="4000000000000002")
    session = client(standin).v1.checkout.sessions.retrieve(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        refund(standin, session)
    assert standin.refunds() == []


def test_a_refund_that_the_bank_returns_gives_the_amount_back_to_the_charge(standin: Standin) -> None:
    session = paid_session(standin)
    made = refund(standin, session)
    standin.fail_refund(made.id)
    known = client(standin).v1.refunds.retrieve(made.id)
    assert (known.status, known.failure_reason) == ("failed", "lost_or_stolen_card")
    assert standin.get("/v1/charges")["data"][0]["amount_refunded"] == 0
    assert standin.event_types()[-3:] == ["refund.failed", "refund.updated", "charge.refund.updated"]
    assert refund(standin, session).status == "succeeded"


@pytest.mark.parametrize(
    ("card", "before", "after"),
    [(REFUND_PENDS, "pending", "succeeded"), (REFUND_FAILS, "succeeded", "failed")],
)
def test_slow_banks_answer_after_a_minute(standin: Standin, card: str, before: str, after: str) -> None:
    made = refund(standin, paid_session(standin, card=card))
    assert made.status == before
    standin.advance(61)
    assert client(standin).v1.refunds.retrieve(made.id).status == after
