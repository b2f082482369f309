"""Asking Stripe for its payouts: told by an event, or found by looking every few hours."""

import datetime as dt
import logging

from billing.models import Anomaly, Payout
from billing.payments import stripe_gateway as gateway
from billing.payments.anomalies import notice
from billing.payments.balance_answers import PayoutAnswer
from billing.payments.services import cards_are_offered
from billing.payouts.errors import DoesNotAddUp
from billing.payouts.recording import STATES, record
from members.transactions import own_transaction

log = logging.getLogger(__name__)

REACH = dt.timedelta(days=40)
"""How far back payouts are looked at again: some fail days after they were paid."""


def take_payout(payout_id: str, *, now: dt.datetime) -> Payout | None:
    """Process: read a payout anew from Stripe, and its movements unless we have them; record both."""
    return take(gateway.retrieve_payout(payout_id), now=now)


def take(told: PayoutAnswer, *, now: dt.datetime) -> Payout | None:
    """Process: record a payout just read; None while its movements cannot be listed yet."""
    if Payout.objects.filter(payout_id=told.id).exists():
        return record(told, (), now=now)
    if not told.automatic:
        _tell(f"payout-manual:{told.id}", f"{told.id}: manual, {told.amount}", now=now)
        return None
    if not told.complete:
        return None
    return record(told, list(gateway.list_movements(told.id)), now=now)


def take_due(now: dt.datetime) -> int:
    """Process: record every payout of late that no event told of, and what became of the others.

    The first time, all there ever were. One that fails does not hold up the others. Returns how many moved.
    """
    if not cards_are_offered():
        return 0
    known = dict(Payout.objects.values_list("payout_id", "state"))
    moved = 0
    for told in gateway.list_payouts(now - REACH if known else None):
        if known.get(told.id) == STATES.get(told.status, Payout.State.PENDING):
            continue
        try:
            moved += take(told, now=now) is not None
        except DoesNotAddUp as error:
            log.exception("Payout %s does not add up", told.id)
            _tell(f"payout-sum:{told.id}", str(error), now=now)
        except Exception:  # the next look tries again
            log.exception("Payout %s could not be recorded", told.id)
    return moved


@own_transaction
def _tell(key: str, detail: str, *, now: dt.datetime) -> None:
    notice(Anomaly.Kind.PAYOUT, key=key, now=now, detail=detail)
