"""Giving back by card: sent once, followed, never more than was paid, noticed when it fails; and expiry."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from billing.errors import MoreThanRemains
from billing.models import Anomaly, Document, Order, Payment, PaymentEvent, Refund
from billing.payments import ledger
from billing.payments import stripe_gateway as gateway
from billing.payments.refunds import refund_payment, request_refund, try_again
from billing.payments.services import start_checkout
from billing.settlement.expiry import expire_due
from billing.settlement.inbox import handle_due
from billing.settlement.refunding import send_due
from billing.settlement.services import reverse_line
from billing.settlement.settling import read_return
from members.models import Message
from tests.billing.test_inbox import deliver
from tests.factories.billing import TrialHandler, make_order
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
