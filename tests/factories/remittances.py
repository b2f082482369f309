"""Remittances for tests: a cheque taken at the desk, and given to the bank at once."""

import datetime as dt
from decimal import Decimal

from billing.models import Order, Remittance
from billing.settlement.services import take_at_desk
from billing.till.remitting import CHEQUE, remit
from members.models import User


def make_remittance(order: Order, *, by: User, now: dt.datetime) -> Remittance:
    """Let `order` be paid by cheque, which the bank receives the same day."""
    paid, seller = take_at_desk(order=order, method="cheque", by=by, now=now), order.seller
    return remit(
        seller=seller,
        method=CHEQUE,
        keys=[str(paid.events.get().pk)],
        received_on=seller.today(now),
        amount=paid.amount,
        fees=Decimal(0),
        reference="REMISE ESSAI",
        by=by,
        now=now,
    )
