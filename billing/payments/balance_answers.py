"""What the payment service says of its payouts and of the movements of its balance, as plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.payments.answers import from_cents, from_unix


@dataclass(frozen=True)
class PayoutAnswer:
    """A payout as it is now; `arrives_on` is the bank's date, `failed_at` when the money came back.

    `status` is pending, in_transit, paid, failed or canceled. `complete`: its movements can be listed,
    which is never so of a payout that was asked for by hand.
    """

    id: str
    status: str
    amount: Decimal
    currency: str
    created_at: dt.datetime
    arrives_on: dt.date
    automatic: bool
    complete: bool
    failure: str = ""
    failed_at: dt.datetime | None = None


@dataclass(frozen=True)
class MovementAnswer:
    """A movement of the balance; `gross` less `fee` is `net`, below zero for what goes out.

    `source_id` is the charge, refund or dispute behind it, `intent_id` the payment intent of that, and
    `metadata` what we had written on it.
    """

    id: str
    type: str
    category: str
    gross: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    at: dt.datetime
    source_id: str
    intent_id: str
    metadata: Mapping[str, str]


def payout_from(raw: Mapping[str, Any]) -> PayoutAnswer:
    """Read a payout; the movement of its failure is expanded where there is one."""
    back = raw.get("failure_balance_transaction")
    return PayoutAnswer(
        id=raw["id"],
        status=raw["status"],
        amount=from_cents(raw["amount"]),
        currency=raw["currency"],
        created_at=from_unix(raw["created"]),
        arrives_on=from_unix(raw["arrival_date"]).date(),
        automatic=raw["automatic"],
        complete=raw.get("reconciliation_status") == "completed",
        failure=raw.get("failure_code") or "",
        failed_at=from_unix(back["created"]) if isinstance(back, Mapping) else None,
    )


def movement_from(raw: Mapping[str, Any]) -> MovementAnswer:
    """Read a movement whose source is expanded; some have none."""
    source = raw.get("source")
    about: Mapping[str, Any] = source if isinstance(source, Mapping) else {"id": source or ""}
    intent = about.get("payment_intent") or ""
    return MovementAnswer(
        id=raw["id"],
        type=raw["type"],
        category=raw["reporting_category"],
        gross=from_cents(raw["amount"]),
        fee=from_cents(raw["fee"]),
        net=from_cents(raw["net"]),
        currency=raw["currency"],
        at=from_unix(raw["created"]),
        source_id=about["id"],
        intent_id=intent["id"] if isinstance(intent, Mapping) else intent,
        metadata=dict(about.get("metadata") or {}),
    )
