"""Payouts as the accounts read them: what left the account at Stripe, what it kept, what the bank has."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from billing.models import BalanceMovement, Customer, Payout, Seller
from billing.money import ZERO


@dataclass(frozen=True, slots=True)
class PaidOut:
    """`net` euros at the bank for `gross` at Stripe less `fees`; below zero for what came back.

    `date` is the seller's day when we learned of it, `value_date` the bank's.
    """

    recorded_at: dt.datetime
    date: dt.date
    value_date: dt.date
    reference: str
    gross: Decimal
    fees: Decimal
    net: Decimal
    payout_id: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """`amount` euros that Stripe took back for who disputes a payment; below zero for what it gave back.

    `customer` is whose payment it was, None when nobody knows it.
    """

    recorded_at: dt.datetime
    date: dt.date
    reference: str
    amount: Decimal
    customer: Customer | None
    payout_id: int


def disputes_of(seller: Seller, first: dt.date, last: dt.date) -> list[Disputed]:
    """What disputes moved in the payouts of a seller that we learned of from `first` to `last`."""
    rows = BalanceMovement.objects.filter(
        learned_around(first, last, "payout__"), payout__seller=seller, kind=BalanceMovement.Kind.DISPUTE
    ).select_related("payout", "payment__order__customer__user", "payment__order__customer__organisation")
    found = []
    for row in rows.order_by("pk"):
        at = row.payout.learned_at
        if at is not None and row.gross and first <= seller.today(at) <= last:
            customer = row.payment.order.customer if row.payment else None
            reference = row.source_id or row.transaction_id
            found.append(Disputed(at, seller.today(at), reference, -row.gross, customer, row.payout_id))
    return found


def learned_around(first: dt.date, last: dt.date, path: str = "") -> Q:
    """Payouts that were paid or failed about then: a day more at both ends, for the days are the seller's."""
    since = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1)
    until = dt.datetime.combine(last, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=2)
    return Q(**{f"{path}paid_at__gte": since, f"{path}paid_at__lt": until}) | Q(
        **{f"{path}failed_at__gte": since, f"{path}failed_at__lt": until}
    )


def payouts_of(seller: Seller, first: dt.date, last: dt.date) -> list[PaidOut]:
    """The payouts of a seller that we learned of from `first` to `last`, in that order.

    One that failed counts twice: as it was paid, whose fees stay charged, then as its net coming back to the
    balance, which a later payout holds as « versement revenu ». It is so too when it never was said paid.
    """
    rows = seller.payouts.filter(learned_around(first, last))
    found = (fact for payout in rows for fact in _facts(payout, seller))
    within = [fact for fact in found if first <= fact.date <= last]
    return sorted(within, key=lambda fact: (fact.recorded_at, fact.payout_id, -fact.gross))


def _facts(payout: Payout, seller: Seller) -> Iterator[PaidOut]:
    learned = payout.learned_at
    if learned is None:
        return
    yield PaidOut(
        recorded_at=learned,
        date=seller.today(learned),
        value_date=payout.arrived_on,
        reference=payout.payout_id,
        gross=payout.gross,
        fees=payout.fees,
        net=payout.amount,
        payout_id=payout.pk,
    )
    if payout.failed_at is not None and payout.failed_on is not None:
        yield PaidOut(
            recorded_at=payout.failed_at,
            date=seller.today(payout.failed_at),
            value_date=payout.failed_on,
            reference=payout.payout_id,
            gross=-payout.amount,
            fees=ZERO,
            net=-payout.amount,
            payout_id=payout.pk,
        )
