"""Writing off what a dispute took for good, and taking that back."""

import datetime as dt

from billing.accounting.disputed import dispute_of
from billing.accounting.errors import (
    LossBeforeItsDispute,
    LossInTheFuture,
    NothingDisputed,
    NothingToWithdraw,
)
from billing.accounting.loss_vat import vat_within
from billing.models import BalanceMovement, WriteOff, WriteOffVat
from billing.payments.ledger import lock_chain
from members.models import User
from members.transactions import own_transaction


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

    Raises `NothingDisputed`, `LossInTheFuture`, `LossBeforeItsDispute`.
    """
    seller = movement.payout.seller
    lock_chain(seller)
    dispute = dispute_of(movement, now)
    if dispute is None or dispute.left <= 0 or dispute.lost:
        raise NothingDisputed
    if decided_on > seller.today(now):
        raise LossInTheFuture
    if decided_on < seller.today(dispute.movement.at):
        raise LossBeforeItsDispute
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
