"""Why the account of cards in transit is what it is: its balance, and each part of it read from the rows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from billing.accounting.books import balances_on
from billing.accounting.chart import Account, chart_of
from billing.models import AccountRole, BalanceMovement, Payment, Payout, Refund, Seller
from billing.money import ZERO
from billing.payouts.transit import waiting

LEARNED = Q(payout__paid_at__isnull=False) | Q(payout__failed_at__isnull=False)
Kind = BalanceMovement.Kind
OF_KINDS = Q(kind__in=[Kind.CHARGE, Kind.REFUND, Kind.ADJUSTMENT])


class Why(Enum):
    """What makes a part of the balance."""

    HELD = "held"
    ANNOUNCED = "announced"
    REFUNDED = "refunded"
    REFUNDED_ANNOUNCED = "refunded_announced"
    REFUND_UNCONFIRMED = "refund_unconfirmed"
    SENT_BACK = "sent_back"
    UNKNOWN = "unknown"
    OTHER_SELLER = "other_seller"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the balance, in euros, and how many rows make it."""

    why: Why
    amount: Decimal
    number: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the books say Stripe holds of a seller's, and what the rows say of it."""

    account: Account
    balance: Decimal
    parts: tuple[Part, ...]

    @property
    def explained(self) -> Decimal:
        """What the parts come to."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def gap(self) -> Decimal:
        """What nothing explains."""
        return self.balance - self.explained


def transit_of(seller: Seller, now: dt.datetime) -> Agreement:
    """Set the balance of a seller's account today beside what makes it; a part of nothing is left out."""
    account = chart_of(seller).of(AccountRole.CARD)
    sums = balances_on(seller, seller.today(now))
    balance = sums[account.number].balance if account.number in sums else ZERO
    return Agreement(account, balance, tuple(part for part in _parts(seller) if part.amount or part.number))


def _parts(seller: Seller) -> Iterable[Part]:
    payments = Payment.objects.filter(order__seller=seller, method=Payment.Method.CARD)
    charges = BalanceMovement.objects.filter(payment=OuterRef("pk"), kind=Kind.CHARGE)
    yield _part(Why.HELD, waiting().filter(order__seller=seller))
    yield _part(Why.ANNOUNCED, payments.filter(Exists(charges), ~Exists(charges.filter(LEARNED))))
    yield from _refunds(seller)
    yield _sent_back(seller)
    learned = BalanceMovement.objects.filter(OF_KINDS & LEARNED)
    ours = learned.filter(payout__seller=seller)
    yield _part(Why.UNKNOWN, ours.filter(payment=None), field="gross", sign=-1)
    elsewhere = learned.exclude(payout__seller=seller).filter(payment__order__seller=seller)
    strangers = ours.filter(payment__isnull=False).exclude(payment__order__seller=seller)
    theirs = _part(Why.OTHER_SELLER, strangers, field="gross", sign=-1)
    mine = _part(Why.OTHER_SELLER, elsewhere, field="gross")
    yield Part(Why.OTHER_SELLER, theirs.amount + mine.amount, theirs.number + mine.number)


def _refunds(seller: Seller) -> Iterable[Part]:
    """What was given back here and not yet at Stripe, and the reverse."""
    refunds = Refund.objects.filter(payment__order__seller=seller, payment__method=Payment.Method.CARD)
    gone = BalanceMovement.objects.filter(refund=OuterRef("pk"))
    succeeded = refunds.filter(state=Refund.State.SUCCEEDED)
    yield _part(Why.REFUNDED, succeeded.filter(~Exists(gone)), sign=-1)
    announced = succeeded.filter(Exists(gone), ~Exists(gone.filter(LEARNED)))
    yield _part(Why.REFUNDED_ANNOUNCED, announced, sign=-1)
    others = BalanceMovement.objects.filter(
        LEARNED, refund__in=refunds.exclude(state=Refund.State.SUCCEEDED).values("pk")
    )
    sums = others.order_by().aggregate(sum=Sum("gross"), number=Count("pk"))
    amount = -(sums["sum"] or ZERO)
    yield Part(Why.REFUND_UNCONFIRMED, amount, sums["number"] if amount else 0)


def _sent_back(seller: Seller) -> Part:
    """Payouts that the bank sent back, less those that left again in a later one."""
    failed = Payout.objects.filter(seller=seller, failed_at__isnull=False).order_by()
    back = BalanceMovement.objects.filter(LEARNED, payout__seller=seller, kind=Kind.RETURNED).order_by()
    sums = failed.aggregate(sum=Sum("amount"), number=Count("pk"))
    amount = (sums["sum"] or ZERO) - (back.aggregate(sum=Sum("gross"))["sum"] or ZERO)
    return Part(Why.SENT_BACK, amount, sums["number"] if amount else 0)


def _part(why: Why, rows: "QuerySet[Any]", *, field: str = "amount", sign: int = 1) -> Part:
    sums = rows.order_by().aggregate(sum=Sum(field), number=Count("pk"))
    return Part(why, sign * (sums["sum"] or ZERO), sums["number"])
