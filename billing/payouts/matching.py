"""Finding a payout on the bank's statement: what came, when, and who says so."""

import datetime as dt
from decimal import Decimal

from billing.models import Anomaly, Payout
from billing.money import ZERO
from billing.payments.anomalies import notice
from billing.payouts.errors import DiffersFromStripe, InTheFuture, NotPaidYet
from members.models import User
from members.transactions import own_transaction


@own_transaction
def match(
    *,
    payout: Payout,
    received_on: dt.date,
    amount: Decimal,
    reference: str,
    by: User,
    now: dt.datetime,
    gap: Decimal = ZERO,
) -> Payout:
    """Record that the bank received a payout; said again, the last word holds.

    Another sum than Stripe's is refused unless `gap` says by how much it differs; then it is kept as it is
    and noticed. The right one, said later, settles that.

    Raises `NotPaidYet`, `InTheFuture`, `DiffersFromStripe`.
    """
    payout = (
        Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("seller").get(pk=payout.pk)
    )
    if payout.state != Payout.State.PAID:
        raise NotPaidYet
    if received_on > payout.seller.today(now):
        raise InTheFuture
    if amount - payout.amount not in (ZERO, gap):
        raise DiffersFromStripe(amount - payout.amount)
    payout.matched_on, payout.matched_amount, payout.bank_reference = received_on, amount, reference[:200]
    payout.matched_by, payout.matched_at = by, now
    payout.save(update_fields=["matched_on", "matched_amount", "bank_reference", "matched_by", "matched_at"])
    _follow(payout, by=by, now=now)
    return payout


def _follow(payout: Payout, *, by: User, now: dt.datetime) -> None:
    """Step: notice a difference, each one once; what is settled leaves the list."""
    ours = f"payout-difference:{payout.payout_id}:"
    key = f"{ours}{payout.matched_amount}"
    Anomaly.objects.open().filter(key__startswith=ours).exclude(key=key if payout.difference else "").update(
        resolved_at=now, resolved_by=by
    )
    if payout.difference:
        detail = f"{payout.payout_id}: {payout.matched_amount} ≠ {payout.amount}"
        notice(Anomaly.Kind.PAYOUT, key=key, now=now, detail=detail)
