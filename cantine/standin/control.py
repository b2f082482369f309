"""The control API: what tests and developers may ask of the stand-in that Stripe would never do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cantine.standin import balance, checkout, disputes, events, paying, payouts, refunds, webhooks
from cantine.standin.call import Call, whole_number
from cantine.standin.cards import CARDS
from cantine.standin.errors import ApiError
from cantine.standin.faults import COUNTED, Faults
from cantine.standin.paying import Holder
from cantine.standin.state import Json, Store

WEBHOOK_FAULTS = ("lose", "repeat", "reorder", "delay")
Handler = Callable[[Call, str], Json]


@dataclass(frozen=True)
class Defaults:
    """What the program was started with, put back by a reset."""

    webhook_url: str
    webhook_secrets: tuple[str, ...]

    def restore(self, store: Store) -> None:
        """Write them over whatever the tests left."""
        store.set_setting("webhook_url", self.webhook_url)
        store.set_setting("webhook_secrets", list(self.webhook_secrets))


def state(call: Call, _: str = "") -> Json:
    """GET /_control/state."""
    store = call.store
    return {
        "now": store.now(),
        "clock_offset": store.setting("clock_offset", 0),
        "api_faults": store.setting("api_faults", {}),
        "webhook_faults": store.setting("webhook_faults", {}),
        "webhook_url": store.setting("webhook_url", ""),
        "balance": balance.rules(call),
        "deliveries": {
            row["state"]: row["n"]
            for row in store.rows("SELECT state, count(*) AS n FROM deliveries GROUP BY state")
        },
    }


def deliveries(call: Call, _: str = "") -> Json:
    """GET /_control/deliveries: newest first."""
    rows = call.store.rows(
        "SELECT d.*, json_extract(o.body, '$.type') AS type FROM deliveries d "
        "JOIN objects o ON o.id = d.event ORDER BY d.id DESC LIMIT 200"
    )
    return {"data": [{name: row[name] for name in row.keys()} for row in rows]}  # noqa: SIM118 - a Row is no dict


def bodies(call: Call, _: str = "") -> Json:
    """GET /_control/bodies: each event's exact bytes as text, oldest first."""
    return {
        "data": [
            {"id": one["id"], "type": one["type"], "body": webhooks.body_of(one).decode()}
            for one in call.store.where("event")
        ]
    }


def set_clock(call: Call, _: str) -> Json:
    """POST clock: `advance` by seconds, or `now` as a Unix time; what is over by then ends."""
    offset = float(call.store.setting("clock_offset", 0))
    if (now := call.params.get("now")) is not None:
        offset += float(now) - call.store.clock()
    offset += float(call.params.get("advance") or 0)
    call.store.set_setting("clock_offset", offset)
    checkout.expire_due(Call(call.store))
    refunds.let_the_bank_answer(Call(call.store))
    payouts.move(Call(call.store))
    return state(call)


def set_faults(call: Call, _: str) -> Json:
    """POST faults: counts of COUNTED (-1 lasts until told otherwise), and `slow_ms` for every request."""
    wanted = _numbers(call, (*COUNTED, "slow_ms"))
    Faults(call.store).set(**wanted)
    return state(call)


def set_webhooks(call: Call, _: str) -> Json:
    """POST webhooks: `url`, `secrets`; `lose`, `reorder` (counts), `repeat` (copies), `delay` (seconds)."""
    store = call.store
    if "url" in call.params:
        store.set_setting("webhook_url", str(call.params["url"]))
    if "secrets" in call.params:
        store.set_setting("webhook_secrets", [str(one) for one in call.params["secrets"]])
    known = store.setting("webhook_faults", {})
    store.set_setting("webhook_faults", {**known, **_numbers(call, WEBHOOK_FAULTS)})
    if not store.setting("webhook_faults", {}).get("reorder"):
        events.release_reversed(store)
    return state(call)


def _numbers(call: Call, names: tuple[str, ...]) -> dict[str, int]:
    return {
        name: whole_number(str(call.params[name]), name)
        for name in names
        if call.params.get(name) not in (None, "")
    }


def redeliver(call: Call, event_id: str) -> Json:
    """POST events/:id/redeliver."""
    event = call.object("event", event_id)
    call.store.rows(
        "INSERT INTO deliveries (event, state, due) VALUES (?, 'pending', ?)",
        (event["id"], call.store.clock()),
    )
    return {"id": event["id"]}


def pay(call: Call, session_id: str) -> Json:
    """POST sessions/:id/pay: `card`, `email`, `name`, and `agree` (`no` refuses the authentication)."""
    number = str(call.params.get("card") or "4242424242424242")
    if number not in CARDS:
        raise ApiError.invalid(f"Not a test card: {number}", param="card")
    session = paying.open_session(call, session_id)
    email = str(call.params.get("email") or session["customer_email"] or "payeur@cantine.example")
    holder = Holder(name=str(call.params.get("name") or "Carte d’essai"), email=email, expiry=(12, 2034))
    result, _card = paying.pay(call, session_id, number=number, holder=holder)
    if result is paying.Result.ASKS:
        result, _card = paying.authenticate(call, session_id, agreed=call.params.get("agree") != "no")
    return {"result": result.value, "session": call.object("checkout.session", session_id)}


def expire(call: Call, session_id: str) -> Json:
    """POST sessions/:id/expire."""
    return checkout.expire(call, session_id)


def change_amount(call: Call, session_id: str) -> Json:
    """POST sessions/:id/change: `amount_total` and `currency` as no honest session would have them."""
    session = call.object("checkout.session", session_id)
    changed: dict[str, Any] = {
        name: call.params[name] for name in ("currency", "metadata", "livemode") if name in call.params
    }
    changed |= _numbers(call, ("amount_total",))
    return call.store.save({**session, **changed})


def fail_refund(call: Call, refund_id: str) -> Json:
    """POST refunds/:id/fail: `reason`."""
    return refunds.fail(call, refund_id, reason=str(call.params.get("reason") or "lost_or_stolen_card"))


def settle_refund(call: Call, refund_id: str) -> Json:
    """POST refunds/:id/settle."""
    return refunds.settle(call, refund_id)


def pend_refund(call: Call, refund_id: str) -> Json:
    """POST refunds/:id/pend: back to pending, for a bank that takes its time."""
    return call.store.save({**call.object("refund", refund_id), "status": "pending"})


def set_balance(call: Call, _: str) -> Json:
    """POST balance: the fee's rate and fixed part, days until available, of the rhythm and of the way."""
    known = call.store.setting("balance", {})
    call.store.set_setting("balance", {**known, **_numbers(call, tuple(balance.DEFAULTS))})
    return state(call)


def pay_out(call: Call, _: str) -> Json:
    """POST payouts: gather what is available; `hurry` makes everything available first."""
    if call.params.get("hurry"):
        for entry in call.store.where("balance_transaction", status="pending"):
            call.store.save({**entry, "available_on": min(entry["available_on"], call.store.now())})
    return payouts.pay_out(call)


def let_arrive(call: Call, payout_id: str) -> Json:
    """POST payouts/:id/arrive."""
    return payouts.arrive(call, payout_id)


def fail_payout(call: Call, payout_id: str) -> Json:
    """POST payouts/:id/fail: `reason`."""
    return payouts.fail(call, payout_id, reason=str(call.params.get("reason") or "account_closed"))


def dispute(call: Call, charge_id: str) -> Json:
    """POST charges/:id/dispute."""
    return disputes.dispute(call, charge_id)


READS: dict[str, Handler] = {"state": state, "deliveries": deliveries, "bodies": bodies}
ACTS: dict[tuple[str, str], Handler] = {
    ("clock", ""): set_clock,
    ("faults", ""): set_faults,
    ("webhooks", ""): set_webhooks,
    ("events", "redeliver"): redeliver,
    ("sessions", "pay"): pay,
    ("sessions", "expire"): expire,
    ("sessions", "change"): change_amount,
    ("refunds", "fail"): fail_refund,
    ("refunds", "settle"): settle_refund,
    ("refunds", "pend"): pend_refund,
    ("balance", ""): set_balance,
    ("payouts", ""): pay_out,
    ("payouts", "arrive"): let_arrive,
    ("payouts", "fail"): fail_payout,
    ("charges", "dispute"): dispute,
}


def act(call: Call, path: str) -> Json:
    """Do what `noun` or `noun/:id/verb` says."""
    noun, _, rest = path.partition("/")
    identifier, _, verb = rest.partition("/")
    handler = ACTS.get((noun, verb))
    if handler is None or bool(identifier) != bool(verb):
        raise ApiError(404, "invalid_request_error", f"Nothing to control at {path}.")
    return handler(call, identifier)
