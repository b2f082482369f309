"""Writing a payout down once with all its movements, and its state as it moves on."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from billing.models import Anomaly, BalanceMovement, Payout, Seller
from billing.money import ZERO
from billing.payments.anomalies import notice
from billing.payments.balance_answers import MovementAnswer, PayoutAnswer
from billing.payouts.errors import DoesNotAddUp
from billing.payouts.owning import Owned, owned, sellers_of
from members.transactions import own_transaction

CURRENCY = "eur"
STATES = {
    "pending": Payout.State.PENDING,
    "in_transit": Payout.State.PENDING,
    "paid": Payout.State.PAID,
    "failed": Payout.State.FAILED,
    "canceled": Payout.State.FAILED,
}
ARROWS = {
    Payout.State.PENDING: {Payout.State.PAID, Payout.State.FAILED},
    Payout.State.PAID: {Payout.State.FAILED},
}


@own_transaction
def record(told: PayoutAnswer, movements: Sequence[MovementAnswer], *, now: dt.datetime) -> Payout | None:
    """Record a payout with its movements, or only its next state; twice is once.

    Raises `DoesNotAddUp`, and writes nothing, when the movements of a new one do not make its amount.
    None when it belongs to nobody: there is no seller yet.
    """
    payout = _locked(told.id)
    if payout is None:
        found = owned(movements)
        sellers = sellers_of(found)
        seller = sellers[0] if sellers else _usual_seller()
        if seller is None:
            return None
        payout, new = _write(told, found, seller, now)
        if new:
            _look_at(payout, found, sellers, now)
    _step_forward(payout, told, now)
    return payout


def _locked(payout_id: str) -> Payout | None:
    return Payout.objects.select_for_update(no_key=True).filter(payout_id=payout_id).first()


def _usual_seller() -> Seller | None:
    """One account at Stripe serves the installation: whose it was last, else the first seller's."""
    last = Payout.objects.select_related("seller").order_by("-created_at").first()
    return last.seller if last else Seller.objects.order_by("pk").first()


def _write(
    told: PayoutAnswer, found: Sequence[Owned], seller: Seller, now: dt.datetime
) -> tuple[Payout, bool]:
    """Insert both, and say whether it was we: of two workers the second waits and finds the first's rows."""
    rows = [_row(one) for one in found]
    gross, fees = sum((row.gross for row in rows), ZERO), sum((row.fee for row in rows), ZERO)
    if gross - fees != told.amount:
        raise DoesNotAddUp(f"{told.id}: {gross} − {fees} ≠ {told.amount}")
    payout = Payout(
        seller=seller,
        payout_id=told.id,
        state=Payout.State.PENDING,
        currency=told.currency,
        gross=gross,
        fees=fees,
        amount=told.amount,
        created_at=told.created_at,
        arrived_on=told.arrives_on,
        recorded_at=now,
    )
    Payout.objects.bulk_create([payout], ignore_conflicts=True)
    payout = Payout.objects.select_for_update(no_key=True).get(payout_id=told.id)
    if payout.movements.exists():
        return payout, False
    for row in rows:
        row.payout = payout
    BalanceMovement.objects.bulk_create(rows)
    return payout, True


def _row(one: Owned) -> BalanceMovement:
    told = one.told
    # What Stripe charges by itself takes from the balance without a sale: it is a fee, and nothing gross.
    gross, fee = told.gross, told.fee
    if one.kind == BalanceMovement.Kind.FEE:
        gross, fee = Decimal(0), told.fee - told.gross
    return BalanceMovement(
        transaction_id=told.id,
        kind=one.kind,
        reported=told.type[:60],
        source_id=told.source_id,
        payment=one.payment,
        refund=one.refund,
        gross=gross,
        fee=fee,
        net=told.net,
        at=told.at,
    )


def _look_at(payout: Payout, found: Sequence[Owned], sellers: Sequence[Seller], now: dt.datetime) -> None:
    """Step: notice what a person must look at."""
    for one in found:
        if not one.is_known:
            detail = (
                f"{payout.payout_id}: {one.told.type} {one.told.id} ({one.told.source_id}), {one.told.net}"
            )
            notice(Anomaly.Kind.PAYOUT, key=f"payout-unknown:{one.told.id}", now=now, detail=detail)
    if len(sellers) > 1:
        codes = ", ".join(seller.code for seller in sellers)
        notice(
            Anomaly.Kind.PAYOUT,
            key=f"payout-sellers:{payout.payout_id}",
            now=now,
            detail=f"{payout.payout_id}: {codes}",
        )
    if payout.currency != CURRENCY:
        detail = f"{payout.payout_id}: {payout.currency}"
        notice(Anomaly.Kind.PAYOUT, key=f"payout-currency:{payout.payout_id}", now=now, detail=detail)


def _step_forward(payout: Payout, told: PayoutAnswer, now: dt.datetime) -> None:
    """Step: move the state as Stripe says it is by now, if that is a step forward."""
    state = STATES.get(told.status, Payout.State.PENDING)
    if state not in ARROWS.get(Payout.State(payout.state), set()):
        return
    payout.state, payout.arrived_on = state, told.arrives_on
    if state == Payout.State.PAID:
        payout.paid_at = now
    else:
        failed_at = told.failed_at or now
        payout.failed_on, payout.failed_at = payout.seller.today(failed_at), now
        payout.failure = (told.failure or told.status)[:80]
        notice(
            Anomaly.Kind.PAYOUT,
            key=f"payout-failed:{payout.payout_id}",
            now=now,
            detail=f"{payout.payout_id}: {payout.failure}, {payout.amount}",
        )
    payout.save(update_fields=["state", "arrived_on", "paid_at", "failed_on", "failed_at", "failure"])
