"""Writing off what a dispute took for good, and taking that back."""

import datetime as dt

from django.db.models import Sum

from billing.accounting.disputed import Dispute, dispute_of
from billing.accounting.errors import LossInTheFuture, NothingDisputed, NothingToWithdraw
from billing.accounting.facts import Rated
from billing.accounting.loading import waiting_of
from billing.models import Allocation, BalanceMovement, Document, WriteOff, WriteOffVat
from billing.money import ZERO, round2
from billing.payments.ledger import lock_chain
from members.models import User
from members.transactions import own_transaction


def vat_within(dispute: Dispute) -> list[Rated]:
    """The VAT of what is left of a dispute, by rate: that of the invoices that its payment had paid.

    Nothing where the payment is unknown. An invoice that was credited has given its VAT back already.
    """
    if dispute.payment is None or dispute.left <= 0:
        return []
    part = min(dispute.left / dispute.payment.amount, 1)
    paid = Allocation.objects.filter(payment=dispute.payment, document__credit_notes=None).order_by()
    sums = dict(paid.values_list("document").annotate(total=Sum("amount")))
    waiting = waiting_of(Document.objects.filter(pk__in=sums))
    found: dict[object, Rated] = {}
    for pk, amount in sums.items():
        for row in waiting[pk].take(round2(amount * part)):
            before = found.get(row.rate, Rated(row.rate, ZERO, ZERO))
            found[row.rate] = Rated(row.rate, before.base + row.base, before.vat + row.vat)
    return [row for row in found.values() if row.vat > 0]


@own_transaction
def write_off(
    *,
    movement: BalanceMovement,
    decided_on: dt.date,
    reason: str,
    recover_vat: bool,
    by: User,
    now: dt.datetime,
) -> WriteOff:
    """Note that all that is left of a dispute is lost; with `recover_vat`, its VAT is asked back.

    Raises `NothingDisputed`, `LossInTheFuture`.
    """
    seller = movement.payout.seller
    lock_chain(seller)
    dispute = dispute_of(movement, now)
    if dispute is None or dispute.left <= 0 or dispute.lost:
        raise NothingDisputed
    if decided_on > seller.today(now):
        raise LossInTheFuture
    row = WriteOff.objects.create(
        seller=seller,
        movement=dispute.movement,
        amount=dispute.left,
        decided_on=decided_on,
        reason=reason,
        at=now,
        by=by,
    )
    if recover_vat:
        WriteOffVat.objects.bulk_create(
            WriteOffVat(write_off=row, rate=each.rate, base=each.base, vat=each.vat)
            for each in vat_within(dispute)
        )
    return row


@own_transaction
def withdraw_write_off(*, movement: BalanceMovement, by: User, now: dt.datetime) -> WriteOff:
    """Take back a loss decided by mistake, or paid after all. Raises `NothingToWithdraw`."""
    lock_chain(movement.payout.seller)
    rows = WriteOff.objects.select_for_update(no_key=True, of=("self",))
    row = rows.filter(movement=movement, withdrawn_at=None).first()
    if row is None:
        raise NothingToWithdraw
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return row
