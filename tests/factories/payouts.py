"""Payouts for tests, written as what Stripe would have told of them."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from billing.models import BalanceMovement, Payment, Payout, Refund
from billing.payments.balance_answers import MovementAnswer, PayoutAnswer
from billing.payouts.matching import match
from billing.payouts.recording import record
from cantine.demo.cards import pay_online
from members.models import User
from tests.factories.billing import make_order, make_seller

_numbers = count(1)
FEE = Decimal("0.79")


def pay_by_card(now: dt.datetime, **fields: Any) -> Payment:
    """An order of 36 euros paid online."""
    order = make_order(now=now, **fields)
    pay_online(order, now)
    return order.payments.get()


def charged(payment: Payment | None, now: dt.datetime, amount: str = "36.00") -> MovementAnswer:
    """The movement of a payment; of one that nobody knows without it."""
    source = f"ch_essai_{next(_numbers)}"
    gross = Decimal(amount)
    return moved(
        "charge", source, gross, now, fee=FEE, intent=payment.intent_id if payment else "pi_ailleurs"
    )


def given_back(refund: Refund, now: dt.datetime) -> MovementAnswer:
    """The movement of a refund."""
    return moved("refund", refund.stripe_id, -refund.amount, now, intent=refund.payment.intent_id)


def moved(
    kind: str, source: str, gross: Decimal, now: dt.datetime, *, fee: Decimal = Decimal(0), intent: str = ""
) -> MovementAnswer:
    """Any movement."""
    return MovementAnswer(
        id=f"txn_essai_{next(_numbers)}",
        type=kind,
        category=kind,
        gross=gross,
        fee=fee,
        net=gross - fee,
        currency="eur",
        at=now,
        source_id=source,
        intent_id=intent,
        metadata={},
    )


def paid_out(
    movements: Sequence[MovementAnswer], now: dt.datetime, *, status: str = "paid", **told: Any
) -> Payout:
    """A payout of these movements."""
    answer: dict[str, Any] = {
        "id": f"po_essai_{next(_numbers)}",
        "status": status,
        "amount": sum((movement.net for movement in movements), Decimal(0)),
        "currency": "eur",
        "created_at": now,
        "arrives_on": now.date(),
        "automatic": True,
        "complete": True,
    }
    payout = record(PayoutAnswer(**{**answer, **told}), movements, now=now)
    assert payout is not None
    return payout


def make_payout(by: User) -> Payout:
    """One that holds a payment and something unknown, matched with a difference; another has failed."""
    now, seller = timezone.now(), make_seller()
    payment = pay_by_card(now, seller=seller)
    paid_out([charged(pay_by_card(now, seller=seller), now)], now, status="failed", failure="account_closed")
    payout = paid_out([charged(payment, now), charged(None, now)], now)
    return match(
        payout=payout,
        received_on=seller.today(now),
        amount=Decimal("70.00"),
        reference="VIR STRIPE PAYMENTS EUROPE LIMITED",
        by=by,
        now=now,
        gap=Decimal("70.00") - payout.amount,
    )


def make_dispute() -> BalanceMovement:
    """The movement by which a payment of 36 euros was taken back."""
    now = timezone.now()
    payment = pay_by_card(now, seller=make_seller())
    taken = moved("dispute", "dp_essai", -payment.amount, now, intent=payment.intent_id)
    return paid_out([charged(payment, now), taken], now).movements.get(kind="dispute")
