"""Payouts as the accounts read them: what left the account at Stripe, what it kept, what the bank has."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from billing.models import Payout, Seller
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


def payouts_of(seller: Seller, first: dt.date, last: dt.date) -> list[PaidOut]:
    """The payouts of a seller that we learned of from `first` to `last`, in that order.

    One that failed counts twice: as it was paid, whose fees stay charged, then as its net coming back to the
    balance, which a later payout holds as « versement revenu ». It is so too when it never was said paid.
    """
    # A day more at both ends: the days are the seller's.
    since = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1)
    until = dt.datetime.combine(last, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=2)
    learned = Q(paid_at__gte=since, paid_at__lt=until) | Q(failed_at__gte=since, failed_at__lt=until)
    found = (fact for payout in seller.payouts.filter(learned) for fact in _facts(payout, seller))
    within = [fact for fact in found if first <= fact.date <= last]
    return sorted(within, key=lambda fact: (fact.recorded_at, fact.payout_id, -fact.gross))


def _facts(payout: Payout, seller: Seller) -> Iterator[PaidOut]:
    learned = payout.paid_at or payout.failed_at
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
