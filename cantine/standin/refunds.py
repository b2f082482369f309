"""Refunds: asked for, settled later for some cards, returned by the bank for others."""

import json

from cantine.standin import balance, events, money_objects
from cantine.standin.call import Call
from cantine.standin.cards import CARDS, Refunding
from cantine.standin.errors import ApiError
from cantine.standin.state import Json

BANK_TAKES = 60  # seconds of the stand-in's clock before a slow bank answers
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
FAILURES = ("lost_or_stolen_card", "expired_or_canceled_card", "insufficient_funds", "declined", "unknown")


def create(call: Call) -> Json:
    """POST /v1/refunds."""
    call.only("payment_intent", "charge", "amount", "reason", "metadata")
    charged = _charge_to_refund(call)
    amount = _amount(call, charged)
    reason = call.text("reason")
    if reason is not None and reason not in REASONS:
        raise ApiError.invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    manner = CARDS[call.store.private(charged["id"])["number"]].refunding
    created = money_objects.refund(
        now=call.store.now(),
        charged=charged,
        amount=amount,
        status="pending" if manner is Refunding.LATER else "succeeded",
        given={"metadata": call.metadata(), "reason": reason},
    )
    entry = balance.enter(call, created, -amount, "refund")
    created["balance_transaction"] = entry["id"]
    slow = {} if manner is Refunding.AT_ONCE else {"bank": "slow"}
    call.store.add(created, parent=charged["id"], private=slow)
    _recount(call, charged)
    events.emit(call, "refund.created", created)
    events.emit(call, "charge.refunded", charged)
    return created


def _charge_to_refund(call: Call) -> Json:
    if intent_id := call.text("payment_intent"):
        intent = call.object("payment_intent", intent_id, param="payment_intent")
        if intent["status"] != "succeeded":
            raise ApiError.invalid(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        return call.object("charge", intent["latest_charge"])
    if charge_id := call.text("charge"):
        charged = call.object("charge", charge_id, param="charge")
        if not charged["paid"]:
            raise ApiError.invalid(f"Charge {charge_id} has not succeeded.", param="charge")
        return charged
    raise ApiError.invalid(
        "One of the following params should be provided for this request: payment_intent or charge."
    )


def _amount(call: Call, charged: Json) -> int:
    left: int = charged["amount"] - charged["amount_refunded"]
    if left == 0:
        raise ApiError.invalid(
            f"Charge {charged['id']} has already been refunded.", code="charge_already_refunded"
        )
    amount = call.integer("amount")
    if amount is None:
        return left
    if amount < 1:
        raise ApiError.invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise ApiError.invalid(
            f"Refund amount (€{amount / 100:.2f}) is greater than unrefunded amount on charge "
            f"(€{left / 100:.2f})",
            param="amount",
        )
    return amount


def _recount(call: Call, charged: Json) -> None:
    """Write on the charge what has gone back, newest first."""
    made = call.store.children(charged["id"], "refund")[::-1]
    charged["refunds"]["data"] = made
    charged["amount_refunded"] = sum(
        one["amount"] for one in made if one["status"] not in ("failed", "canceled")
    )
    charged["refunded"] = charged["amount_refunded"] == charged["amount"]
    call.store.save(charged)


def settle(call: Call, identifier: str) -> Json:
    """A pending refund arrives."""
    refund = call.object("refund", identifier)
    if refund["status"] != "pending":
        raise ApiError.invalid(f"This refund has a status of {refund['status']}.")
    refund["status"] = "succeeded"
    call.store.save(refund)
    _recount(call, call.object("charge", refund["charge"]))
    _say_updated(call, refund, previous={"status": "pending"})
    return refund


def fail(call: Call, identifier: str, *, reason: str = "lost_or_stolen_card") -> Json:
    """The bank sends a refund back: the money returns to the account's balance."""
    refund = call.object("refund", identifier)
    if refund["status"] not in ("pending", "succeeded"):
        raise ApiError.invalid(f"This refund has a status of {refund['status']}.")
    if reason not in FAILURES:
        raise ApiError.invalid(f"Unknown failure reason: {reason}", param="reason")
    previous = {"status": refund["status"]}
    entry = balance.enter(call, refund, refund["amount"], "refund_failure")
    refund.update(status="failed", failure_reason=reason, failure_balance_transaction=entry["id"])
    call.store.save(refund)
    _recount(call, call.object("charge", refund["charge"]))
    events.emit(call, "refund.failed", refund)
    _say_updated(call, refund, previous=previous)
    return refund


def _say_updated(call: Call, refund: Json, *, previous: Json) -> None:
    for kind in ("refund.updated", "charge.refund.updated"):
        events.emit(call, kind, refund, previous=previous)


def let_the_bank_answer(call: Call) -> int:
    """Settle or return the refunds to the cards made for that, once their minute has passed; how many."""
    waiting = call.store.rows("SELECT body FROM objects WHERE kind = 'refund' AND private <> '{}'")
    due = [json.loads(row["body"]) for row in waiting]
    due = [one for one in due if one["created"] + BANK_TAKES <= call.store.now()]
    for refund in due:
        call.store.rows("UPDATE objects SET private = '{}' WHERE id = ?", (refund["id"],))
        if refund["status"] == "pending":
            settle(call, refund["id"])
        elif refund["status"] == "succeeded":
            fail(call, refund["id"])
    return len(due)
