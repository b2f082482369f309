"""Coming back from Stripe's page: too late, without having paid, with what does not match."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.models import Anomaly, Document, Order, PaymentEvent, Refund
from billing.settlement.settling import read_return, take_session
from members.models import Message
from tests.billing.checkout.steps import click, come_back, session_of
from tests.factories.billing import TrialHandler, make_order
from tests.fixtures_standin import DECLINED, Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_retries")]


def test_case_4_the_return_page_settles_where_no_webhook_comes(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    assert come_back(order, now).state == "accepted"
    document = Document.objects.with_balance().get()
    assert (document.paid, document.owed) == (Decimal("36.00"), Decimal("0.00"))
    assert trial.told == [("accepted", "Salle Essai"), ("confirmed", document.number)]
    come_back(order, now)
    assert (Document.objects.count(), PaymentEvent.objects.count()) == (1, 1)


def test_coming_back_without_having_paid_changes_nothing(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    click(order, now)
    standin.pay(session_of(order), card=DECLINED)
    assert come_back(order, now).state == "open"
    assert order.payments.get().state == "created"
    assert not PaymentEvent.objects.exists()


def test_a_session_of_another_order_in_the_address_is_not_read(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    other = make_order(now=now)
    click(order, now)
    standin.pay(session_of(order))
    assert read_return(order=other, session_id=session_of(order), now=now).state == "open"
    assert order.payments.get().state == "created"


def test_case_7_paid_after_the_hold_ended_takes_the_place_back(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    Order.objects.filter(pk=order.pk).update(state="expired")
    assert come_back(order, now).state == "accepted"
    assert Document.objects.count() == 1


def test_case_8_paid_after_the_hold_ended_and_gone_is_refunded_in_full_and_told(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    Order.objects.filter(pk=order.pk).update(state="expired")
    trial.gone.add("Salle Essai")
    assert come_back(order, now).state == "expired"
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.state) == (Decimal("36.00"), "gone", "requested")
    assert not Document.objects.exists()
    assert Message.objects.get().template == "billing/refunded"
    assert order.payments.get().settled_at == now


@pytest.mark.parametrize(
    "changed", [{"amount_total": 100}, {"currency": "usd"}, {"livemode": True}, {"metadata": {"order": "x"}}]
)
def test_cases_10_and_11_a_session_that_does_not_match_fulfils_nothing(
    order: Order, standin: Standin, now: dt.datetime, trial: TrialHandler, changed: dict[str, object]
) -> None:
    click(order, now)
    standin.pay(session_of(order))
    standin.change_session(session_of(order), **changed)
    assert come_back(order, now).state == "open"
    come_back(order, now)
    anomaly = Anomaly.objects.get()
    assert (anomaly.kind, anomaly.order) == ("mismatch", order)
    assert trial.told == []
    assert order.payments.get().state == "created"
    assert not Document.objects.exists()


def test_case_11_a_session_that_names_the_order_of_another_customer_is_refused(
    order: Order, standin: Standin, now: dt.datetime
) -> None:
    other = make_order(now=now)
    click(order, now)
    click(other, now)
    mine = session_of(order)
    metadata = {"order": other.public_id, "payment": str(other.payments.get().pk)}
    standin.pay(mine)
    standin.change_session(mine, metadata=metadata)
    take_session(mine, now=now)
    other.refresh_from_db()
    order.refresh_from_db()
    assert (order.state, other.state) == ("open", "open")
    assert Anomaly.objects.get().kind == "mismatch"
