"""Payouts: recorded once with all they hold, whoever tells and whenever; matched; read as facts."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.test import Client

from billing.accounting.payouts import payout_facts
from billing.models import Anomaly, BalanceMovement, Order, Payment, Payout, Refund, StripeEvent
from billing.payments import stripe_gateway
from billing.payments.refunds import refund_payment, request_refund
from billing.payments.services import start_checkout
from billing.payouts import recording
from billing.payouts.errors import DiffersFromStripe, DoesNotAddUp, InTheFuture, NotPaidYet
from billing.payouts.facts import payouts_of
from billing.payouts.matching import match
from billing.payouts.months import by_month
from billing.payouts.recording import record
from billing.payouts.taking import take_due, take_payout
from billing.payouts.transit import in_transit
from billing.settlement.inbox import handle_due
from billing.settlement.settling import read_return
from members.models import User
from tests.factories.billing import TrialHandler, make_order, make_seller
from tests.factories.members import make_user
from tests.factories.payouts import charged, paid_out, pay_by_card
from tests.fixtures_standin import Standin
from tests.standin.api import paid_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries", "trial")]
FEE = Decimal("0.79")  # of 36 euros


@pytest.fixture
def now() -> dt.datetime:
    """The stand-in's clock is the real one."""
    return dt.datetime.now(tz=dt.UTC)


@pytest.fixture
def by() -> User:
    return make_user(role="treasurer")


def pay(standin: Standin, now: dt.datetime, order: Order | None = None) -> Payment:
    order = order or make_order(now=now)
    assert order.placed_by is not None
    start_checkout(order=order, by=order.placed_by, now=now)
    standin.pay(order.payments.get().session_id)
    read_return(order=order, session_id=order.payments.get().session_id, now=now)
    return order.payments.get()


def give_back(payment: Payment, amount: str, now: dt.datetime) -> Refund:
    with transaction.atomic():
        asked = request_refund(payment, Decimal(amount), reason=Refund.Reason.CANCELLED, now=now)
    refund = refund_payment(asked.pk, now)
    assert refund is not None
    assert refund.state == "succeeded"
    return refund


def deliver(standin: Standin, *types: str) -> None:
    for body, signature in standin.webhook_bodies(*types):
        headers = {"Stripe-Signature": signature}
        answer = Client().post("/stripe/webhook/", body, "application/json", headers=headers)
        assert answer.status_code == 200


def sums() -> list[tuple[str, Decimal, Decimal, Decimal]]:
    rows = Payout.objects.order_by("pk").values_list("state", "gross", "fees", "amount")
    return [(state, gross, fees, amount) for state, gross, fees, amount in rows]


def test_a_payout_is_recorded_once_with_its_payments_and_refunds(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    payment = pay(standin, now)
    refund = give_back(payment, "6.00", now)
    before = in_transit(now)
    assert (before.charges, before.refunds, before.held) == (Decimal(36), Decimal(6), Decimal(30))
    assert in_transit(now + dt.timedelta(days=10, minutes=1)).late == Decimal(36)
    standin.arrive(standin.pay_out())
    deliver(standin)
    handle_due(now + dt.timedelta(minutes=1))
    expected = [("paid", Decimal(30), FEE, Decimal(30) - FEE)]
    assert sums() == expected
    payout = Payout.objects.get()
    assert payout.seller == payment.order.seller
    found = list(payout.movements.values_list("kind", "payment", "refund", "gross", "fee").order_by("pk"))
    assert sorted(found) == [
        ("charge", payment.pk, None, Decimal(36), FEE),
        ("refund", payment.pk, refund.pk, Decimal(-6), Decimal(0)),
    ]
    assert in_transit(now).held == Decimal(0)
    # again: the same events, and the look of every few hours
    StripeEvent.objects.update(state="received", next_try_at=now)
    handle_due(now + dt.timedelta(minutes=2))
    assert take_due(now) == 0
    assert (sums(), BalanceMovement.objects.count()) == (expected, 2)
    assert not Anomaly.objects.exists()


def test_the_look_of_every_few_hours_finds_what_no_event_told(standin: Standin, now: dt.datetime) -> None:
    pay(standin, now)
    payout_id = standin.pay_out()
    assert take_due(now) == 1
    assert sums()[0][0] == "pending"
    assert in_transit(now).on_its_way == Decimal(36) - FEE
    standin.arrive(payout_id)
    assert (take_due(now), take_due(now)) == (1, 0)
    assert sums()[0][0] == "paid"
    assert Payout.objects.get().paid_at == now


def test_events_out_of_order_end_the_same_and_a_failure_is_told(standin: Standin, now: dt.datetime) -> None:
    pay(standin, now)
    payout_id = standin.pay_out()
    standin.arrive(payout_id)
    standin.fail_payout(payout_id)
    deliver(standin, "payout.failed")
    deliver(standin, "payout.paid", "payout.created")
    handle_due(now + dt.timedelta(minutes=1))
    assert [state for state, *_ in sums()] == ["failed"]
    assert Anomaly.objects.get().key == f"payout-failed:{payout_id}"
    second = standin.pay_out()
    take_payout(second, now=now)
    assert sums()[1][1:] == (Decimal(36) - FEE, Decimal(0), Decimal(36) - FEE)
    assert BalanceMovement.objects.get(payout__payout_id=second).kind == "returned"


def test_a_worker_killed_between_the_answer_and_the_record_leaves_nothing_behind(
    standin: Standin, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(standin, now)
    payout_id = standin.pay_out()
    with monkeypatch.context() as killed:
        killed.setattr(recording, "_look_at", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_payout(payout_id, now=now)
    assert not Payout.objects.exists()
    assert not BalanceMovement.objects.exists()
    assert take_due(now) == 1
    assert Payout.objects.get().movements.count() == 1


def test_what_nobody_knows_is_recorded_and_told(standin: Standin, now: dt.datetime) -> None:
    payment = pay(standin, now)
    paid_session(standin)
    charge = standin.get("/v1/charges")["data"][-1]["id"]
    standin.control(f"charges/{charge}/dispute")
    standin.control("balance", dispute_fee=0)
    for _ in range(2):
        paid_session(standin)
    take_payout(standin.pay_out(), now=now)
    rows = BalanceMovement.objects.values_list("kind", "payment")
    assert sorted(rows, key=str) == [
        ("charge", payment.pk), ("charge", None), ("charge", None), ("charge", None), ("dispute", payment.pk),
    ]  # fmt: skip
    assert Payout.objects.get().fees == 4 * FEE + 20
    assert set(Anomaly.objects.values_list("kind", flat=True)) == {"payout"}
    assert Anomaly.objects.filter(key__startswith="payout-unknown:").count() == 3


def test_a_payment_whose_intent_was_lost_is_known_by_our_reference(
    standin: Standin, now: dt.datetime
) -> None:
    payment = pay(standin, now)
    Payment.objects.filter(pk=payment.pk).update(intent_id="")
    take_payout(standin.pay_out(), now=now)
    assert BalanceMovement.objects.get().payment_id == payment.pk


def test_payments_of_two_sellers_are_told_and_the_payout_is_of_who_has_most(
    standin: Standin, now: dt.datetime
) -> None:
    seller = make_seller()
    for _ in range(2):
        pay(standin, now, make_order(now=now, seller=seller))
    other = pay(standin, now).order.seller
    take_payout(standin.pay_out(), now=now)
    assert Payout.objects.get().seller == seller
    assert other.code in Anomaly.objects.get().detail


def test_movements_that_do_not_make_the_amount_are_refused(standin: Standin, now: dt.datetime) -> None:
    pay(standin, now)
    payout_id = standin.pay_out()
    told = stripe_gateway.retrieve_payout(payout_id)
    with pytest.raises(DoesNotAddUp):
        record(told, [], now=now)
    assert not Payout.objects.exists()


def matched(
    payout: Payout, amount: str, by: User, now: dt.datetime, *, days: int = 0, gap: str = "0"
) -> Payout:
    return match(
        payout=payout,
        received_on=now.date() + dt.timedelta(days=days),
        amount=Decimal(amount),
        reference="VIR STRIPE",
        by=by,
        now=now,
        gap=Decimal(gap),
    )


def test_the_bank_received_it_or_not_quite(standin: Standin, now: dt.datetime, by: User) -> None:
    pay(standin, now)
    payout_id = standin.pay_out()
    payout = take_payout(payout_id, now=now)
    assert payout is not None
    with pytest.raises(NotPaidYet):
        matched(payout, "35.21", by, now)
    standin.arrive(payout_id)
    take_due(now)
    with pytest.raises(InTheFuture):
        matched(payout, "35.21", by, now, days=2)
    assert Payout.objects.to_match().count() == 1
    for gap in ("0", "-0.20", "0.21"):
        with pytest.raises(DiffersFromStripe, match="écart de −0,21"):
            matched(payout, "35.00", by, now, gap=gap)
    assert Payout.objects.to_match().count() == 1
    assert matched(payout, "35.00", by, now, gap="-0.21").difference == Decimal("-0.21")
    assert "35.00 ≠ 35.21" in Anomaly.objects.open().get().detail
    assert matched(payout, "35.21", by, now).difference == 0
    assert not Anomaly.objects.open().exists()
    assert not Payout.objects.to_match().exists()
    month = by_month()[0]
    assert (month.number, month.gross, month.fees, month.rate) == (1, Decimal(36), FEE, Decimal("2.19"))


def test_the_accounts_read_what_was_paid_and_what_came_back(standin: Standin, now: dt.datetime) -> None:
    seller = pay(standin, now).order.seller
    payout_id = standin.pay_out()
    take_payout(payout_id, now=now)
    today = seller.today(now)
    assert payouts_of(seller, today, today) == []
    standin.arrive(payout_id)
    take_payout(payout_id, now=now)
    paid = (Decimal(36), FEE, Decimal(36) - FEE)
    assert [(one.gross, one.fees, one.net) for one in payouts_of(seller, today, today)] == [paid]
    standin.fail_payout(payout_id)
    take_payout(payout_id, now=now)
    back = (FEE - 36, Decimal(0), FEE - 36)
    assert [(one.gross, one.fees, one.net) for one in payouts_of(seller, today, today)] == [paid, back]
    assert [(one.gross, one.fees, one.net) for one in payout_facts(seller, today, today)] == [paid, back]
    assert payouts_of(seller, today - dt.timedelta(days=9), today - dt.timedelta(days=1)) == []


def test_what_was_recorded_never_changes(now: dt.datetime) -> None:
    payout = paid_out([charged(pay_by_card(now), now)], now)
    changes: tuple[Callable[[], object], ...] = (
        lambda: Payout.objects.update(gross=1, amount=Decimal(1) - FEE),
        lambda: Payout.objects.update(state="pending"),
        lambda: Payout.objects.all().delete(),
        lambda: BalanceMovement.objects.update(kind="fee"),
        lambda: BalanceMovement.objects.all().delete(),
    )
    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            change()
    assert sums() == [("paid", Decimal(36), FEE, payout.amount)]
    assert BalanceMovement.objects.get().kind == "charge"
