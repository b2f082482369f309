"""The demonstration's payouts: each Monday what cards paid until the Friday before, matched but the last."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from billing.models import Payment, Payout, Refund
from billing.money import ZERO
from billing.payments.balance_answers import MovementAnswer, PayoutAnswer
from billing.payouts.matching import match
from billing.payouts.recording import record
from members.models import User

RATE, FIXED = Decimal("0.015"), Decimal("0.25")
AVAILABLE, WEEK, WAY = timedelta(days=3), timedelta(days=7), timedelta(days=2)
CENT = Decimal("0.01")


def build(*, by: User, now: datetime) -> None:
    """Pay out week by week until `now`, and let `by` find all but the last on the bank's statement."""
    waiting = sorted(_movements(), key=lambda movement: (movement.at, movement.id))
    if not waiting:
        return
    made, monday = [], _monday_after(waiting[0].at + AVAILABLE)
    while monday <= now:
        ready = [movement for movement in waiting if movement.at <= monday - AVAILABLE]
        if sum(movement.net for movement in ready) > 0:
            made.append(_pay_out(ready, monday, now))
            waiting = [movement for movement in waiting if movement.at > monday - AVAILABLE]
        monday += WEEK
    arrived = [payout for payout in made if payout is not None and payout.state == Payout.State.PAID]
    for payout in arrived[:-1]:
        match(
            payout=payout,
            received_on=payout.arrived_on,
            amount=payout.amount,
            reference=f"VIR STRIPE {payout.short_id}".upper(),
            by=by,
            now=min(now, payout.created_at + 2 * WAY),
        )


def _monday_after(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).date()
    return datetime.combine(day + timedelta(days=7 - day.weekday()), time(2), UTC)


def _pay_out(ready: list[MovementAnswer], monday: datetime, now: datetime) -> Payout | None:
    arrives = monday + WAY
    told = PayoutAnswer(
        id=f"po_demo_{monday:%Y%m%d}",
        status="paid" if arrives <= now else "in_transit",
        amount=sum((movement.net for movement in ready), ZERO),
        currency="eur",
        created_at=monday,
        arrives_on=arrives.date(),
        automatic=True,
        complete=True,
    )
    return record(told, ready, now=min(arrives, now))


def _movements() -> Iterator[MovementAnswer]:
    for payment in Payment.objects.filter(method=Payment.Method.CARD, succeeded_at__isnull=False):
        fee = (payment.amount * RATE).quantize(CENT, ROUND_HALF_UP) + FIXED
        yield _movement(payment, payment.amount, payment.succeeded_at, f"ch_demo_{payment.pk}", fee=fee)
    refunds = Refund.objects.filter(payment__method=Payment.Method.CARD, state=Refund.State.SUCCEEDED)
    for refund in refunds.select_related("payment"):
        yield _movement(refund.payment, -refund.amount, refund.done_at, refund.stripe_id)


def _movement(
    payment: Payment, gross: Decimal, at: datetime | None, source: str, *, fee: Decimal = ZERO
) -> MovementAnswer:
    assert at is not None
    kind = "refund" if gross < 0 else "charge"
    return MovementAnswer(
        id=f"txn_demo_{source}",
        type=kind,
        category=kind,
        gross=gross,
        fee=fee,
        net=gross - fee,
        currency="eur",
        at=at,
        source_id=source,
        intent_id=payment.intent_id,
        metadata={},
    )
