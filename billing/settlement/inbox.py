"""Stripe's events: stored once by their id, answered at once, handled afterwards, twice or out of order."""

import datetime as dt
import logging
from functools import partial
from typing import Any

from django.db import transaction

from billing.models import Anomaly, Refund, StripeEvent
from billing.payments import stripe_gateway as gateway
from billing.payments.anomalies import notice
from billing.payments.answers import Event
from billing.payments.refunds import apply_answer
from billing.payouts.taking import take_payout
from billing.settlement import telling
from billing.settlement.settling import take_session
from members.nudging import nudge
from members.transactions import own_transaction

log = logging.getLogger(__name__)

HANDLE = "billing.tasks.handle_events"
LEASE = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
MAX_TRIES = 12
HANDLED = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.updated",
    "refund.failed",
    "payout.created",
    "payout.reconciliation_completed",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
]
"""What we act upon; every other type is stored, and done with."""


class WrongMode(Exception):
    """A test event came to a live key, or the reverse."""


@own_transaction
def receive(raw: bytes, signature: str, *, now: dt.datetime) -> bool:
    """Check the signature on the raw body and store the event once; say whether it is new.

    Raises `BadSignature`. An event of the other mode is not stored: the manager is told, see `refuse`.
    """
    event = gateway.read_event(raw, signature)
    if event.livemode != gateway.key_is_live():
        raise WrongMode(event.id)
    new = store(event, now=now)
    transaction.on_commit(partial(nudge, HANDLE), robust=True)
    return new


def store(event: Event, *, now: dt.datetime) -> bool:
    """Step: put an event in the inbox; the same id again does nothing."""
    row = StripeEvent(
        event_id=event.id,
        kind=event.type[:80],
        livemode=event.livemode,
        payload=event.payload,
        received_at=now,
        next_try_at=now,
    )
    before = StripeEvent.objects.filter(event_id=event.id).exists()
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)
    return not before


@own_transaction
def refuse(error: WrongMode, *, now: dt.datetime) -> None:
    """Tell the manager of an event of the other mode."""
    notice(Anomaly.Kind.WRONG_MODE, key=f"wrong-mode:{error}", now=now, detail=str(error))


def handle_due(now: dt.datetime, limit: int = 200) -> int:
    """Handle the events that are due, each on its own; what fails is tried again, less and less often."""
    done = 0
    while done < limit and (event := _take(now)):
        _deal_with(event, now)
        done += 1
    return done


@own_transaction
def _take(now: dt.datetime) -> StripeEvent | None:
    due = StripeEvent.objects.due_at(now).order_by("next_try_at", "pk")
    event = due.select_for_update(skip_locked=True, no_key=True).first()
    if event is None:
        return None
    event.tries += 1
    event.next_try_at = now + min(LEASE * event.tries, LONGEST_WAIT)
    event.save(update_fields=["tries", "next_try_at"])
    return event


def _deal_with(event: StripeEvent, now: dt.datetime) -> None:
    waiting = StripeEvent.objects.filter(pk=event.pk, state=StripeEvent.State.RECEIVED)
    try:
        handle(event, now=now)
    except Exception as error:
        log.exception("Event %s could not be handled", event.event_id)
        _record_failure(event, f"{type(error).__name__}: {error}"[:300], now)
    else:
        waiting.update(state=StripeEvent.State.DONE, done_at=now, error="")


@own_transaction
def _record_failure(event: StripeEvent, error: str, now: dt.datetime) -> None:
    last = event.tries >= MAX_TRIES
    StripeEvent.objects.filter(pk=event.pk, state=StripeEvent.State.RECEIVED).update(
        error=error, state=StripeEvent.State.FAILED if last else StripeEvent.State.RECEIVED
    )
    if last:
        notice(Anomaly.Kind.STUCK, key=f"stuck:{event.event_id}", now=now, detail=error)


def handle(event: StripeEvent, *, now: dt.datetime) -> None:
    """Process: do what an event calls for, from the object as it is now rather than as it was told."""
    about: dict[str, Any] = event.payload["data"]["object"]
    if event.kind not in HANDLED:
        return
    if event.kind.startswith("checkout.session."):
        take_session(about["id"], now=now)
    elif event.kind.startswith("payout."):
        take_payout(about["id"], now=now)
    else:
        take_refund(about["id"], now=now)


def take_refund(stripe_id: str, *, now: dt.datetime) -> None:
    """Process: read a refund anew from Stripe and record it; one that is not ours is left alone."""
    refunds = Refund.objects.select_related("payment__order")
    refund = refunds.filter(stripe_id=stripe_id).first()
    answer = gateway.retrieve_refund(stripe_id)
    reference = answer.metadata.get("refund", "")
    if refund is None and reference.isdecimal():
        refund = refunds.filter(
            pk=int(reference), stripe_id="", payment__intent_id=answer.payment_intent_id
        ).first()
    if refund is not None:
        tell_failure(apply_answer(refund, answer, now=now))


def tell_failure(refund: Refund) -> None:
    """Owe the message about a refund that failed; once, by its key."""
    if refund.state == Refund.State.FAILED:
        with transaction.atomic(durable=True):
            telling.owe_refund_failed(refund)
