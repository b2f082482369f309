"""Giving the desk's cheques and terminal takings to the bank: what waits, what the bank received of it.

Cheques are chosen one by one, as on the slip; terminal takings by day, as the bank pays them.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate

from billing.models import PaymentEvent, Remittance, RemittedEvent, Seller
from billing.payments.ledger import lock_chain
from billing.till.errors import (
    NothingRemitted,
    RemittanceDoesNotAddUp,
    RemittanceInTheFuture,
    RemittancesBegun,
    RemittanceWithdrawn,
    TakingAlreadyRemitted,
)
from billing.till.reading import BACK, SIGNED
from billing.till.totals import ZERO
from members.models import User
from members.transactions import own_transaction

CHEQUE, TERMINAL = Remittance.Method.CHEQUE, Remittance.Method.TERMINAL
ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One cheque, or the terminal's takings of a day: its events by id, and what they come to (euros)."""

    key: str
    day: dt.date
    amount: Decimal
    events: tuple[PaymentEvent, ...]


def signed(event: PaymentEvent) -> Decimal:
    """What an event brings, below zero for what was given back, in euros."""
    way = BACK.get(PaymentEvent.Kind(event.kind))
    return event.amount if way is None else -way * event.amount


def unremitted(seller: Seller, method: str) -> "QuerySet[PaymentEvent]":
    """Movements by `method` that no standing remittance holds, in the order of the chain.

    A cheque given back is none: it went through the bank and is given back from there.
    """
    rows = PaymentEvent.objects.filter(seller=seller, method=method)
    if method == CHEQUE:
        rows = rows.exclude(kind__in=BACK)
    held = RemittedEvent.objects.filter(stands=True, event__seller=seller)
    return rows.exclude(pk__in=held.values("event")).order_by("sequence")


def unremitted_sum(seller: Seller, method: str) -> Decimal:
    """What they come to, in one query."""
    found: Decimal | None = unremitted(seller, method).order_by().aggregate(total=Sum(SIGNED))["total"]
    return found or ZERO


def keys_waiting(seller: Seller, method: str) -> "QuerySet[Any, Any]":
    """The keys of what is to be given to the bank, the newest first, for a list by pages."""
    if method == TERMINAL:
        return _by_day(seller).order_by("-day").values_list("day", flat=True).distinct()
    return unremitted(seller, method).order_by("-sequence").values_list("pk", flat=True)


def waiting(seller: Seller, method: str, keys: Iterable[str] | None = None) -> list[Waiting]:
    """What is to be given to the bank, the oldest first: all of it, or what of `keys` still waits."""
    chosen = unremitted(seller, method)
    if keys is not None and method == TERMINAL:
        chosen = _by_day(seller).filter(day__in=[day for key in keys if (day := _day(key))])
    elif keys is not None:
        chosen = chosen.filter(pk__in=[int(key) for key in keys if ID.fullmatch(key)])
    rows = chosen.select_related("payment__order__customer__user", "payment__order__customer__organisation")
    by_key: dict[str, list[PaymentEvent]] = {}
    for event in rows:
        day = seller.today(event.at)
        by_key.setdefault(f"{day}" if method == TERMINAL else str(event.pk), []).append(event)
    return [
        Waiting(key, seller.today(events[0].at), sum(map(signed, events), ZERO), tuple(events))
        for key, events in by_key.items()
    ]


def _by_day(seller: Seller) -> "QuerySet[Any]":
    """The terminal's takings that wait, with their `day` at the seller's."""
    return unremitted(seller, TERMINAL).annotate(day=TruncDate("at", tzinfo=seller.zone))


def _day(key: str) -> dt.date | None:
    """The day that a key names, if it is one."""
    try:
        return dt.date.fromisoformat(key)
    except ValueError:
        return None


def total(chosen: Iterable[Waiting]) -> Decimal:
    """What they come to."""
    return sum((each.amount for each in chosen), ZERO)


@own_transaction
def remit(
    *,
    seller: Seller,
    method: str,
    keys: Collection[str],
    received_on: dt.date,
    amount: Decimal,
    fees: Decimal,
    reference: str,
    by: User,
    now: dt.datetime,
) -> Remittance:
    """Note that the bank received `amount` euros for what is chosen by `keys`, having kept `fees` of it.

    Raises `NothingRemitted`, `TakingAlreadyRemitted`, `RemittanceDoesNotAddUp`, `RemittanceInTheFuture`.
    """
    lock_chain(seller)
    chosen = waiting(seller, method, keys)
    if len(chosen) != len(set(keys)):
        raise TakingAlreadyRemitted
    if not chosen:
        raise NothingRemitted
    if received_on > seller.today(now):
        raise RemittanceInTheFuture
    if total(chosen) != amount + fees:
        raise RemittanceDoesNotAddUp(total(chosen), amount + fees)
    row = Remittance.objects.create(
        seller=seller,
        method=method,
        received_on=received_on,
        amount=amount + fees,
        fees=fees,
        reference=reference[:200],
        at=now,
        by=by,
    )
    held = [RemittedEvent(remittance=row, event=event) for each in chosen for event in each.events]
    RemittedEvent.objects.bulk_create(held)
    return row


def begun(seller: Seller, method: str) -> bool:
    """Whether a remittance stands already."""
    return Remittance.objects.filter(seller=seller, method=method, withdrawn_at=None).exists()


@own_transaction
def remit_past(
    *, seller: Seller, method: str, before: dt.date, reference: str, by: User, now: dt.datetime
) -> Remittance:
    """Note that the bank has all that was taken before a day: once, where takings precede any remittance.

    Raises `RemittancesBegun`, `NothingRemitted`, `RemittanceInTheFuture`.
    """
    lock_chain(seller)
    if begun(seller, method):
        raise RemittancesBegun
    if before > seller.today(now):
        raise RemittanceInTheFuture
    rows = unremitted(seller, method).filter(at__lt=dt.datetime.combine(before, dt.time(), seller.zone))
    amount = rows.order_by().aggregate(total=Sum(SIGNED))["total"] or ZERO
    if amount <= 0:
        raise NothingRemitted
    row = Remittance.objects.create(
        seller=seller,
        method=method,
        received_on=before - dt.timedelta(days=1),
        amount=amount,
        reference=reference[:200],
        at=now,
        by=by,
    )
    ids = rows.values_list("pk", flat=True)
    RemittedEvent.objects.bulk_create([RemittedEvent(remittance=row, event_id=pk) for pk in ids], 1000)
    return row


@own_transaction
def withdraw_remittance(*, remittance: Remittance, by: User, now: dt.datetime) -> Remittance:
    """Take back one that was entered by mistake: what it held waits again. Raises `RemittanceWithdrawn`."""
    lock_chain(remittance.seller)
    row = Remittance.objects.select_for_update(no_key=True).get(pk=remittance.pk)
    if row.withdrawn_at is not None:
        raise RemittanceWithdrawn
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    row.contents.update(stands=False)
    return row
