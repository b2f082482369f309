"""Disputed payments, one by one: what Stripe took, what it gave back, what was written off, what is owed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from billing.accounting.loading import instants
from billing.accounting.periods import Period
from billing.models import BalanceMovement, Customer, Payment, Seller, WriteOff
from billing.money import ZERO


@dataclass(slots=True)
class Dispute:
    """A payment that its holder's bank took back, in euros: `left` of it stands on the account of disputes.

    `movement` is the one that took it; payment and customer are None when nobody here knows the payment.
    """

    movement: BalanceMovement
    reference: str
    since: dt.date
    payment: Payment | None
    customer: Customer | None
    taken: Decimal = ZERO
    given_back: Decimal = ZERO
    lost: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What is still owed; below zero where Stripe gave back what was written off."""
        return self.taken - self.given_back - self.lost


def disputes(seller: Seller, day: dt.date) -> list[Dispute]:
    """Every dispute of a seller as it stood at the end of `day`, the oldest first; two queries."""
    _first, end = instants(Period(day, day), seller)
    learned = Q(payout__paid_at__lt=end) | Q(payout__paid_at=None, payout__failed_at__lt=end)
    rows = BalanceMovement.objects.filter(
        learned, payout__seller=seller, kind=BalanceMovement.Kind.DISPUTE
    ).select_related("payout", "payment__order__customer__user", "payment__order__customer__organisation")
    found: dict[str, Dispute] = {}
    by_movement: dict[int, Dispute] = {}
    for row in rows.exclude(gross=0).order_by("pk"):
        new = _of(row, seller)
        dispute = by_movement[row.pk] = found.setdefault(new.reference, new)
        if row.gross < 0:
            if not dispute.taken:
                dispute.movement = row
            dispute.taken -= row.gross
        else:
            dispute.given_back += row.gross
    standing = WriteOff.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=end), at__lt=end)
    for lost in standing.filter(seller=seller):
        if lost.movement_id in by_movement:
            by_movement[lost.movement_id].lost += lost.amount
    return sorted(found.values(), key=lambda each: (each.since, each.movement.pk))


def _of(row: BalanceMovement, seller: Seller) -> Dispute:
    learned = row.payout.learned_at
    return Dispute(
        movement=row,
        reference=row.source_id or row.transaction_id,
        since=seller.today(learned or row.at),
        payment=row.payment,
        customer=row.payment.order.customer if row.payment else None,
    )


def dispute_of(movement: BalanceMovement, now: dt.datetime) -> Dispute | None:
    """The dispute that a movement belongs to, as it stands now."""
    seller = movement.payout.seller
    reference = movement.source_id or movement.transaction_id
    found = (each for each in disputes(seller, seller.today(now)) if each.reference == reference)
    return next(found, None)
