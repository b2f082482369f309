"""Giving back by card: sent once, followed, never more than was paid, noticed when it fails; and expiry."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from billing.errors import MoreThanRemains
from billing.models import Allocation, Anomaly, Document, Order, Payment, PaymentEvent, Refund
from billing.payments import ledger
from billing.payments import stripe_gateway as gateway
from billing.payments.answers import Session
from billing.payments.refunds import (
    apply_refusal,
    refund_payment,
    repay_at_desk,
    request_refund,
    try_again,
)
from billing.payments.services import start_checkout
from billing.settlement.expiry import expire_due
from billing.settlement.inbox import handle_due
from billing.settlement.refunding import send_due
from billing.settlement.services import cancel_order, reverse_line, take_at_desk
from billing.settlement.sessions import release_sessions
from billing.settlement.settling import read_return, settle, take, take_session
from members.errors import WrongState
from members.models import Message
from tests.billing.test_inbox import deliver
from tests.factories.billing import TrialHandler, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user
from tests.fixtures_standin import GOOD, REFUND_FAILS, REFUND_PENDS, Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries")]


@pytest.fixture
def now() -> dt.datetime:
    """The stand-in's clock is the real one."""
    return dt.datetime.now(tz=dt.UTC)


def paid(standin: Standin, now: dt.datetime, card: str = GOOD) -> Payment:
    order = make_order(now=now)
    assert order.placed_by is not None
    start_checkout(order=order, by=order.placed_by, now=now)
    payment = order.payments.get()
    standin.pay(payment.session_id, card=card)
    read_return(order=order, session_id=payment.session_id, now=now)
    payment.refresh_from_db()
    return payment


def cancelled(payment: Payment, now: dt.datetime) -> Refund:
    with transaction.atomic():
        done = reverse_line(line=payment.order.lines.get(), kept=Decimal("0.00"), by=None, now=now)
    assert done.refund is not None
    return done.refund


def test_a_cancellation_is_refunded_once(standin: Standin, now: dt.datetime, trial: TrialHandler) -> None:
    refund = cancelled(paid(standin, now), now)
    assert send_due(now) == 1
    refund.refresh_from_db()
    assert (refund.state, refund.done_at) == ("succeeded", now)
    assert send_due(now + dt.timedelta(days=1)) == 0
    assert [row["amount"] for row in standin.refunds()] == [3600]
    events = list(PaymentEvent.objects.order_by("sequence").values_list("kind", "amount"))
    assert events == [("payment_succeeded", Decimal("36.00")), ("refund_succeeded", Decimal("36.00"))]
    assert not list(ledger.broken_links(refund.payment.order.seller))


def test_a_worker_killed_after_asking_asks_for_the_same_refund(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    refund = cancelled(paid(standin, now), now)
    gateway.create_refund(
        payment_intent_id=refund.payment.intent_id,
        amount=refund.amount,
        reference=str(refund.pk),
        idempotency_key=refund.idempotency_key,
    )
    send_due(now)
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert len(standin.refunds()) == 1


def test_a_refund_waits_for_stripe_to_come_back(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    refund = cancelled(paid(standin, now), now)
    standin.go_down()
    send_due(now)
    refund.refresh_from_db()
    assert (refund.state, refund.tries) == ("requested", 1)
    assert refund_payment(refund.pk, now) is None
    standin.come_back()
    send_due(now + dt.timedelta(minutes=3))
    refund.refresh_from_db()
    assert refund.state == "succeeded"


def test_a_pending_refund_is_followed(standin: Standin, now: dt.datetime, trial: TrialHandler) -> None:
    refund = cancelled(paid(standin, now, REFUND_PENDS), now)
    send_due(now)
    refund.refresh_from_db()
    assert (refund.state, refund.done_at) == ("pending", None)
    standin.settle_refund(refund.stripe_id)
    deliver(standin, "refund.updated")
    handle_due(dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=1))
    refund.refresh_from_db()
    assert refund.state == "succeeded"


def test_a_refund_that_the_bank_returns_is_shown_and_told_and_may_be_tried_again(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    payment = paid(standin, now, REFUND_FAILS)
    refund = cancelled(payment, now)
    send_due(now)
    refund.refresh_from_db()
    if refund.state != "failed":
        standin.fail_refund(refund.stripe_id)
        deliver(standin, "refund.failed")
        handle_due(dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=1))
        refund.refresh_from_db()
    assert refund.state == "failed"
    assert (Anomaly.objects.get().kind, Anomaly.objects.get().order) == ("refund_failed", payment.order)
    assert Message.objects.filter(template="billing/refund_failed").count() == 1
    payment.refresh_from_db()
    assert payment.refunded == Decimal("0.00")
    again = try_again(refund=refund, by=make_user(role="manager"), now=now)
    assert (again.pk != refund.pk, again.amount, again.credit_note) == (
        True,
        refund.amount,
        refund.credit_note,
    )


def test_no_more_is_given_back_than_was_paid(standin: Standin, now: dt.datetime, trial: TrialHandler) -> None:
    payment = paid(standin, now)
    with transaction.atomic():
        request_refund(payment, Decimal("20.00"), reason=Refund.Reason.CANCELLED, now=now)
        request_refund(payment, Decimal("16.00"), reason=Refund.Reason.CANCELLED, now=now)
    with pytest.raises(MoreThanRemains), transaction.atomic():
        request_refund(payment, Decimal("0.01"), reason=Refund.Reason.CANCELLED, now=now)
    assert Refund.objects.count() == 2


def test_an_order_whose_time_is_up_frees_what_it_held(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now)
    assert expire_due(now + dt.timedelta(minutes=14)) == 0
    assert expire_due(now + dt.timedelta(minutes=15)) == 1
    assert expire_due(now + dt.timedelta(minutes=15)) == 0
    order.refresh_from_db()
    assert order.state == "expired"
    assert order.lines.get().state == "pending"
    assert trial.told == [("expired", "Salle Essai")]


@pytest.mark.parametrize(("state", "came_at"), [("processing", False), ("succeeded", True)])
def test_an_order_whose_payment_is_on_its_way_does_not_expire(
    now: dt.datetime, trial: TrialHandler, state: str, came_at: bool
) -> None:
    order = make_order(now=now)
    Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        state=state,
        amount=order.total,
        started_at=now,
        succeeded_at=now if came_at else None,
    )
    assert expire_due(now + dt.timedelta(hours=1)) == 0
    assert Order.objects.get().state == "open"
    assert not Document.objects.exists()


def test_a_failed_refund_is_tried_again_once(standin: Standin, now: dt.datetime, trial: TrialHandler) -> None:
    payment = paid(standin, now)
    with transaction.atomic():
        done = reverse_line(line=payment.order.lines.get(), kept=Decimal("24.00"), by=None, now=now)
    refund = done.refund
    assert refund is not None
    apply_refusal(refund, "the bank said no", now=now)
    manager = make_user(role="manager")
    again = try_again(refund=refund, by=manager, now=now)
    with pytest.raises(WrongState):
        try_again(refund=refund, by=manager, now=now)
    payment.refresh_from_db()
    assert (payment.refunded, Refund.objects.count()) == (Decimal("12.00"), 2)
    assert [row.refund for row in Allocation.objects.filter(refund__isnull=False)] == [again]


def test_a_payment_not_yet_settled_is_not_what_a_cancellation_gives_back(
    now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(now=now)
    late = Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        state="succeeded",
        amount=order.total,
        started_at=now,
        succeeded_at=now,
    )
    taken = take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=now)
    refund = cancelled(taken, now)
    assert refund.payment == taken
    settle(late.pk, now=now)
    refunds = Refund.objects.order_by("pk").values_list("payment", "amount", "reason")
    assert list(refunds) == [
        (taken.pk, Decimal("36.00"), "cancelled"),
        (late.pk, Decimal("36.00"), "double"),
    ]


def test_two_late_payments_for_a_place_that_is_gone_both_go_back(
    now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(now=now)
    trial.gone.add("Salle Essai")
    later = now + dt.timedelta(hours=1)
    expire_due(later)
    for attempt in (1, 2):
        payment = Payment.objects.create(
            order=order,
            attempt=attempt,
            method="card",
            state="succeeded",
            amount=order.total,
            started_at=now,
            succeeded_at=later,
        )
        settle(payment.pk, now=later)
    order.refresh_from_db()
    assert order.state == "expired"
    assert list(Refund.objects.values_list("amount", flat=True)) == [Decimal("36.00")] * 2
    assert not Document.objects.exists()


def test_money_for_an_attempt_that_was_given_up_is_shown_to_the_manager(
    standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(now=now)
    assert order.placed_by is not None
    start_checkout(order=order, by=order.placed_by, now=now)
    payment = order.payments.get()
    standin.pay(payment.session_id)
    Payment.objects.update(state="failed")
    take_session(payment.session_id, now=now)
    assert Anomaly.objects.get().kind == "mismatch"
    order.refresh_from_db()
    assert order.state != "accepted"


def test_a_refund_at_one_rate_is_written_at_that_rate(now: dt.datetime, trial: TrialHandler) -> None:
    seller = make_seller()
    book = make_product(seller, vat_rate=Decimal("5.50"))
    lines = [new_line(make_product(seller), "36.00"), new_line(book, "10.00")]
    order = make_order(seller=seller, lines=lines, now=now)
    manager = make_user(role="manager")
    take_at_desk(order=order, method="cash", by=manager, now=now)
    with transaction.atomic():
        done = reverse_line(line=order.lines.get(product=book), kept=Decimal(0), by=manager, now=now)
    assert done.refund is not None
    repay_at_desk(refund=done.refund, by=manager, now=now)
    event = PaymentEvent.objects.latest("sequence")
    assert event.vat == [{"rate": "5.50", "incl": "10.00"}]


def test_one_session_that_cannot_be_closed_does_not_keep_the_others_open(
    standin: Standin, now: dt.datetime, trial: TrialHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [make_order(now=now) for _each in range(2)]
    for order in orders:
        assert order.placed_by is not None
        start_checkout(order=order, by=order.placed_by, now=now)
        cancel_order(order=order, by=order.placed_by, now=now)
    first = orders[0].payments.get()

    def take_or_fail(session: Session, *, now: dt.datetime) -> Payment | None:
        if session.id == first.session_id:
            raise RuntimeError
        return take(session, now=now)

    monkeypatch.setattr("billing.settlement.sessions.take", take_or_fail)
    release_sessions(now)
    assert orders[1].payments.get().state == "expired"
