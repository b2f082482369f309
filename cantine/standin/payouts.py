"""Payouts: what is available goes to the bank, arrives there, or comes back."""

from cantine.standin import balance, events
from cantine.standin.balance import DAY
from cantine.standin.call import Call
from cantine.standin.errors import ApiError
from cantine.standin.ids import new_id
from cantine.standin.state import Json

FAILURES = ("account_closed", "could_not_process", "declined", "invalid_account_number")


def pay_out(call: Call) -> Json:
    """Gather what is available in a payout that is on its way to the bank."""
    balance.let_become_available(call)
    gathered = balance.to_pay_out(call)
    total = sum(one["net"] for one in gathered)
    if total <= 0:
        raise ApiError.invalid("You have insufficient available funds in your Stripe account.")
    payout = _payout(call, total)
    own = balance.enter(call, payout, -total, "payout")
    payout["balance_transaction"] = own["id"]
    call.store.add(payout)
    for one in (*gathered, {**own, "status": "available"}):
        call.store.save(one)
        call.store.rows("UPDATE objects SET parent = ? WHERE id = ?", (payout["id"], one["id"]))
    call.store.set_setting("payout_at", call.store.now())
    events.emit(call, "payout.created", payout)
    events.emit(call, "payout.reconciliation_completed", payout)
    return payout


def arrive(call: Call, identifier: str) -> Json:
    """The bank has it."""
    payout = call.object("payout", identifier)
    if payout["status"] not in ("pending", "in_transit"):
        raise ApiError.invalid(f"This payout has a status of {payout['status']}.")
    previous = {"status": payout["status"]}
    payout["status"] = "paid"
    call.store.save(payout)
    events.emit(call, "payout.updated", payout, previous=previous)
    events.emit(call, "payout.paid", payout)
    return payout


def fail(call: Call, identifier: str, *, reason: str = "account_closed") -> Json:
    """The bank sends it back, before it said paid or in the days after: the balance has it again."""
    payout = call.object("payout", identifier)
    if payout["status"] not in ("pending", "in_transit", "paid"):
        raise ApiError.invalid(f"This payout has a status of {payout['status']}.")
    if reason not in FAILURES:
        raise ApiError.invalid(f"Unknown failure reason: {reason}", param="reason")
    back = balance.enter(call, payout, payout["amount"], "payout_failure")
    payout.update(
        status="failed",
        failure_balance_transaction=back["id"],
        failure_code=reason,
        failure_message="The bank account has been closed."
        if reason == "account_closed"
        else "The bank could not process this payout.",
    )
    call.store.save(payout)
    events.emit(call, "payout.failed", payout)
    return payout


def move(call: Call) -> None:
    """Let time do its part: money becomes available, is paid out by the rhythm that was set, and arrives."""
    known, now = balance.rules(call), call.store.now()
    balance.let_become_available(call)
    for payout in call.store.where("payout", status="in_transit"):
        if payout["arrival_date"] <= now:
            arrive(call, payout["id"])
    if not known["payout_every"]:
        return
    waiting = balance.to_pay_out(call)
    since = call.store.setting("payout_at") or (waiting[0]["available_on"] if waiting else now)
    if sum(one["net"] for one in waiting) > 0 and since + known["payout_every"] * DAY <= now:
        pay_out(call)


def _payout(call: Call, amount: int) -> Json:
    now = call.store.now()
    nothing = (
        "application_fee", "application_fee_amount", "balance_transaction", "failure_balance_transaction",
        "failure_code", "failure_message", "original_payout", "payout_method", "reversed_by",
        "statement_descriptor",
    )  # fmt: skip
    arrives = now + balance.rules(call)["arrives_after"] * DAY
    return dict.fromkeys(nothing) | {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": arrives - arrives % DAY,
        "automatic": True,
        "created": now,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed",
        "source_type": "card",
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
