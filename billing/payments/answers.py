"""What goes to the payment service and comes back, as plain values: euros in Decimal, aware datetimes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class SessionLine:
    """One line of the payment page; `amount` in euros, VAT included, for one unit."""

    label: str
    amount: Decimal
    quantity: int = 1


@dataclass(frozen=True)
class Session:
    """A Checkout Session as the service knows it now; the currency in lower case, as it writes it.

    `status` is open, complete or expired; `payment_status` paid, unpaid or no_payment_required. `url` is
    there while the session is open, `payment_intent_id` once somebody has tried to pay.
    """

    id: str
    status: str
    payment_status: str
    amount_total: Decimal | None
    currency: str
    url: str | None
    expires_at: datetime
    client_reference_id: str
    metadata: Mapping[str, str]
    customer_id: str
    payment_intent_id: str
    payment_intent_status: str
    livemode: bool

    @property
    def is_paid(self) -> bool:
        """Whether the money has come."""
        return self.status == "complete" and self.payment_status == "paid"


@dataclass(frozen=True)
class RefundAnswer:
    """A refund as the service knows it.

    `status` is pending, requires_action, succeeded, failed or canceled.
    """

    id: str
    status: str
    amount: Decimal
    failure_reason: str
    payment_intent_id: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Event:
    """Something that happened at the service; `payload` is the whole event as it came."""

    id: str
    type: str
    created: datetime
    livemode: bool
    object_type: str
    object_id: str
    payload: Mapping[str, Any]


def to_cents(amount: Decimal) -> int:
    """Euros at two places or fewer as whole cents; anything finer is a mistake of the caller's."""
    cents = amount.scaleb(2)
    if cents != cents.to_integral_value() or cents < 0:
        raise ValueError(f"Not an amount in whole cents: {amount}")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Whole cents as euros at two places."""
    return Decimal(cents).scaleb(-2)


def from_unix(seconds: int) -> datetime:
    """A Unix time as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def session_from(raw: Mapping[str, Any]) -> Session:
    """Read a session; its intent may be there as an object, as an id, or not yet."""
    intent_id, intent_status = _expanded(raw.get("payment_intent"))
    total = raw.get("amount_total")
    return Session(
        id=raw["id"],
        status=raw.get("status") or "",
        payment_status=raw["payment_status"],
        amount_total=None if total is None else from_cents(total),
        currency=raw.get("currency") or "",
        url=raw.get("url"),
        expires_at=from_unix(raw["expires_at"]),
        client_reference_id=raw.get("client_reference_id") or "",
        metadata=dict(raw.get("metadata") or {}),
        customer_id=_expanded(raw.get("customer"))[0],
        payment_intent_id=intent_id,
        payment_intent_status=intent_status,
        livemode=raw["livemode"],
    )


def refund_from(raw: Mapping[str, Any]) -> RefundAnswer:
    """Read a refund."""
    return RefundAnswer(
        id=raw["id"],
        status=raw.get("status") or "",
        amount=from_cents(raw["amount"]),
        failure_reason=raw.get("failure_reason") or "",
        payment_intent_id=_expanded(raw.get("payment_intent"))[0],
        metadata=dict(raw.get("metadata") or {}),
    )


def event_from(raw: Mapping[str, Any]) -> Event:
    """Read an event."""
    about = raw["data"]["object"]
    return Event(
        id=raw["id"],
        type=raw["type"],
        created=from_unix(raw["created"]),
        livemode=raw["livemode"],
        object_type=about.get("object", ""),
        object_id=about.get("id", ""),
        payload=raw,
    )


def _expanded(value: Any) -> tuple[str, str]:
    """Id and status of a field that holds an id or the object itself."""
    if isinstance(value, Mapping):
        return value["id"], value.get("status") or ""
    return value or "", ""
