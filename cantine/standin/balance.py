"""The account's balance: what each movement adds or takes, its fee, and when it may be paid out."""

import json
from decimal import ROUND_HALF_UP, Decimal

from cantine.standin import money_objects
from cantine.standin.call import Call
from cantine.standin.state import Json

DEFAULTS = {
    "fee_rate": 150,  # a European card: 1.5 % (in hundredths of a percent) and 25 cents
    "fee_fixed": 25,
    "dispute_fee": 2000,
    "available_after": 3,  # days
    "payout_every": 7,  # days; 0 makes none by itself
    "arrives_after": 1,  # days
}
DAY = 86400
EARNS = ("charge",)


def rules(call: Call) -> dict[str, int]:
    """What was set on the control page, over the defaults."""
    return {**DEFAULTS, **call.store.setting("balance", {})}


def enter(
    call: Call, source: Json, amount: int, kind: str, *, fee: int | None = None, category: str = ""
) -> Json:
    """Keep what an object did to the balance; a charge bears the fee of its card, what goes back none."""
    known = rules(call)
    if fee is None:
        fee = fee_of(amount, known) if kind in EARNS else 0
    entry = money_objects.balance_transaction(
        now=call.store.now(),
        source=source,
        amount=amount,
        fee=fee,
        kind=kind,
        category=category or kind,
        available_on=call.store.now() + known["available_after"] * DAY,
    )
    return call.store.add(entry)


def fee_of(amount: int, known: dict[str, int]) -> int:
    """The fee of a charge, in cents."""
    share = (Decimal(amount) * known["fee_rate"] / 10000).to_integral_value(ROUND_HALF_UP)
    return int(share) + known["fee_fixed"]


def let_become_available(call: Call) -> None:
    """What was pending until now may be paid out."""
    rows = call.store.rows(
        "SELECT body FROM objects WHERE kind = 'balance_transaction' "
        "AND json_extract(body, '$.status') = 'pending' AND json_extract(body, '$.available_on') <= ?",
        (call.store.now(),),
    )
    for row in rows:
        call.store.save({**json.loads(row["body"]), "status": "available"})


def to_pay_out(call: Call) -> list[Json]:
    """What is available and in no payout yet, oldest first."""
    rows = call.store.rows(
        "SELECT body FROM objects WHERE kind = 'balance_transaction' AND parent = '' "
        "AND json_extract(body, '$.status') = 'available' ORDER BY seq"
    )
    return [json.loads(row["body"]) for row in rows]
