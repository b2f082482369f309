"""The balance: fees, payouts by hand and by rhythm, those that arrive and those that come back."""

import time
from typing import Any

import pytest
import stripe

from tests.fixtures_standin import Standin
from tests.standin.api import client, open_session, paid_session

DAY = 86400


def movements(standin: Standin, **wanted: Any) -> list[stripe.BalanceTransaction]:
    asked: Any = {"expand": ["data.source"], **wanted}
    return client(standin).v1.balance_transactions.list(asked).data


def test_a_charge_bears_the_fee_that_was_set_and_a_refund_none(standin: Standin) -> None:
    session = paid_session(standin)
    client(standin).v1.refunds.create({"payment_intent": str(session.payment_intent), "amount": 600})
    standin.control("balance", fee_rate=290, fee_fixed=30)
    paid_session(standin)
    found = [(one.type, one.amount, one.fee, one.net) for one in movements(standin)]
    assert found == [("charge", 3600, 134, 3466), ("refund", -600, 0, -600), ("charge", 3600, 79, 3521)]
    intent = client(standin).v1.payment_intents.retrieve(
        str(session.payment_intent), {"expand": ["latest_charge.balance_transaction"]}
    )
    assert intent.latest_charge.balance_transaction.fee == 79  # type: ignore[union-attr]  # both are expanded


def test_nothing_is_paid_out_before_it_is_available(standin: Standin) -> None:
    paid_session(standin)
    with pytest.raises(Exception, match="400"):
        standin.control("payouts")
    assert standin.get("/v1/payouts")["data"] == []


def test_a_payout_holds_what_was_available_arrives_and_survives_a_restart(standin: Standin) -> None:
    paid_session(standin)
    standin.control("balance", payout_every=0)
    late = open_session(standin, expires_at=int(time.time()) + 23 * 3600)
    standin.control("balance", available_after=4)
    standin.pay(late.id)
    standin.advance(3 * DAY)
    made = standin.control("payouts")
    standin.restart_after_kill()
    known = client(standin).v1.payouts.retrieve(made["id"])
    assert (known.amount, known.status, known.reconciliation_status) == (3521, "in_transit", "completed")
    assert [(one.type, one.net, one.status) for one in movements(standin, payout=known.id)] == [
        ("payout", -3521, "available"),
        ("charge", 3521, "available"),
    ]
    standin.advance(DAY)
    assert client(standin).v1.payouts.retrieve(known.id).status == "paid"
    created = ["payout.created", "payout.reconciliation_completed"]
    assert standin.event_types()[-4:] == [*created, "payout.updated", "payout.paid"]


def test_payouts_are_made_by_the_rhythm_that_was_set(standin: Standin) -> None:
    paid_session(standin)
    standin.control("balance", payout_every=2, available_after=1)
    standin.advance(4 * DAY)
    assert standin.get("/v1/payouts")["data"] == []
    standin.advance(1.5 * DAY)
    assert [one["amount"] for one in standin.get("/v1/payouts")["data"]] == [3521]


def test_one_that_fails_gives_the_sum_back_to_the_balance_and_leaves_with_the_next(standin: Standin) -> None:
    paid_session(standin)
    first = standin.control("payouts", hurry="yes")
    standin.control(f"payouts/{first['id']}/arrive")
    standin.control(f"payouts/{first['id']}/fail")
    failed = client(standin).v1.payouts.retrieve(first["id"], {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert failed.failure_balance_transaction.amount == 3521  # type: ignore[union-attr]  # expanded
    paid_session(standin)
    second = standin.control("payouts", hurry="yes")
    found = [(one.type, one.net) for one in movements(standin, payout=second["id"])]
    assert found == [("payout", -7042), ("charge", 3521), ("payout_failure", 3521)]


def test_a_dispute_takes_the_money_and_a_fee(standin: Standin) -> None:
    paid_session(standin)
    charge = standin.get("/v1/charges")["data"][0]["id"]
    standin.control(f"charges/{charge}/dispute")
    taken = movements(standin, type="adjustment")[0]
    assert (taken.net, taken.fee, taken.reporting_category) == (-5600, 2000, "dispute")
    assert standin.event_types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
