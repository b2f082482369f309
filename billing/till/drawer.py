"""The cash drawer of a site: what should be in it, counting it, and cash that comes or goes without a sale.

A drawer begins with its first count. From then on, what should be in it is what was counted last, with the
cash taken and given back on orders of its site, and the movements noted since; "since" goes by the place in
the seller's chain, never by a clock.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from billing.errors import CashReasonMissing, CorrectionDoesNotFit, NothingMoved
from billing.models import CashCount, CashMovement, Payment, PaymentEvent, Seller
from billing.payments.ledger import lock_chain
from billing.till.reading import SIGNED
from billing.till.totals import ZERO
from members.models import User
from members.transactions import own_transaction

CENTS = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins, in cents, the largest first."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """Where a drawer stands: `expected` is None until it was counted once."""

    last: CashCount | None
    taken: Decimal
    moved: Decimal

    @property
    def expected(self) -> Decimal | None:
        """What should be in it."""
        return None if self.last is None else self.last.counted + self.taken + self.moved


def sum_of(denominations: Mapping[int, int]) -> Decimal:
    """What notes and coins make: cents → how many."""
    return Decimal(sum(cents * number for cents, number in denominations.items())) / 100


def drawer_of(*, seller: Seller, site_code: str) -> Drawer:
    """Read where a drawer stands now."""
    last = _counts(seller, site_code).first()
    if last is None:
        return Drawer(None, ZERO, ZERO)
    events = PaymentEvent.objects.filter(
        seller=seller,
        sequence__gt=last.sequence,
        method=Payment.Method.CASH,
        payment__order__site_code=site_code,
    )
    moved = _movements(seller, site_code).filter(pk__gt=last.movement)
    return Drawer(
        last,
        events.order_by().aggregate(total=Sum(SIGNED))["total"] or ZERO,
        moved.order_by().aggregate(total=Sum("amount"))["total"] or ZERO,
    )


@own_transaction
def count_cash(
    *,
    seller: Seller,
    site_code: str,
    counted: Decimal,
    by: User,
    now: dt.datetime,
    denominations: Mapping[int, int] | None = None,
    note: str = "",
) -> CashCount:
    """Note what is in a drawer, beside what should be: no payment of the seller is recorded meanwhile."""
    chain = lock_chain(seller)
    drawer, movement = drawer_of(seller=seller, site_code=site_code), _movements(seller, site_code).first()
    return CashCount.objects.create(
        seller=seller,
        site_code=site_code,
        counted_at=now,
        by=by,
        expected=drawer.expected,
        counted=counted,
        denominations={str(cents): number for cents, number in (denominations or {}).items() if number},
        note=note,
        sequence=chain.sequence,
        movement=movement.pk if movement else 0,
    )


@own_transaction
def move_cash(
    *,
    seller: Seller,
    site_code: str,
    kind: str,
    amount: Decimal,
    by: User,
    now: dt.datetime,
    reason: str = "",
    corrects: CashMovement | None = None,
) -> CashMovement:
    """Note cash that was brought, taken to the bank, or put right; `amount` is as it is in the hand.

    A correction may be negative and says why; that of a mistyped movement is what the drawer holds
    more than it said. Raises `NothingMoved`, `CashReasonMissing`, `CorrectionDoesNotFit`.
    """
    if amount == 0 or (amount < 0 and kind != CashMovement.Kind.CORRECTION):
        raise NothingMoved
    if kind == CashMovement.Kind.CORRECTION and not reason.strip():
        raise CashReasonMissing
    lock_chain(seller)
    if corrects is not None and not _fits(corrects, seller, site_code, kind, amount):
        raise CorrectionDoesNotFit
    return CashMovement.objects.create(
        seller=seller,
        site_code=site_code,
        kind=kind,
        amount=-amount if kind == CashMovement.Kind.BANKED else amount,
        reason=reason.strip(),
        corrects=corrects,
        at=now,
        by=by,
    )


def correctable(*, seller: Seller, site_code: str) -> "QuerySet[CashMovement]":
    """The movements of a drawer that a correction may name, the last one first."""
    return _movements(seller, site_code).exclude(kind=CashMovement.Kind.CORRECTION)


def _fits(corrects: CashMovement, seller: Seller, site_code: str, kind: str, amount: Decimal) -> bool:
    """Whether `amount` leaves a movement of this drawer on its side, or at nought."""
    if kind != CashMovement.Kind.CORRECTION:
        return False
    if not correctable(seller=seller, site_code=site_code).filter(pk=corrects.pk).exists():
        return False
    before = corrects.corrections.order_by().aggregate(total=Sum("amount"))["total"] or ZERO
    return (corrects.amount + before + amount) * corrects.amount >= 0


def _counts(seller: Seller, site_code: str) -> "QuerySet[CashCount]":
    return CashCount.objects.filter(seller=seller, site_code=site_code).order_by("-pk")


def _movements(seller: Seller, site_code: str) -> "QuerySet[CashMovement]":
    return CashMovement.objects.filter(seller=seller, site_code=site_code).order_by("-pk")
