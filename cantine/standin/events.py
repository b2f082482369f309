"""Recording what happened, and asking the courier to say so."""

from cantine.standin import objects
from cantine.standin.call import Call
from cantine.standin.state import Json, Store


def emit(call: Call, kind: str, body: Json, *, previous: Json | None = None) -> Json:
    """Keep an event about `body` as it is now; it is delivered when a webhook address is known."""
    store = call.store
    address = store.setting("webhook_url", "")
    data: Json = {"object": body}
    if previous is not None:
        data["previous_attributes"] = previous
    happened = objects.event(
        now=store.now(),
        kind=kind,
        data=data,
        request_id=call.request_id,
        key=call.idempotency_key,
        pending=1 if address else 0,
    )
    store.add(happened)
    if address:
        _owe(store, happened["id"])
    return happened


def _owe(store: Store, event_id: str) -> None:
    """Note what is to be delivered, bent by the faults that tests asked for."""
    faults = store.setting("webhook_faults", {})
    due = store.clock() + float(faults.get("delay", 0))
    state = "pending"
    for name, bent in (("lose", "lost"), ("reorder", "held")):
        if state == "pending" and faults.get(name, 0) > 0:
            faults[name] -= 1
            state = bent
    store.set_setting("webhook_faults", faults)
    for _ in range(1 + (int(faults.get("repeat", 0)) if state == "pending" else 0)):
        store.rows("INSERT INTO deliveries (event, state, due) VALUES (?, ?, ?)", (event_id, state, due))
    if state == "held" and faults["reorder"] == 0:
        release_reversed(store)


STAGGER = 0.4  # seconds between two deliveries that must arrive in an order


def release_reversed(store: Store) -> None:
    """Let go of the deliveries held back, the last one first."""
    held = store.rows("SELECT id, event FROM deliveries WHERE state = 'held' ORDER BY id DESC")
    store.rows("DELETE FROM deliveries WHERE state = 'held'")
    for rank, row in enumerate(held):
        due = store.clock() + STAGGER * rank
        store.rows("INSERT INTO deliveries (event, state, due) VALUES (?, 'pending', ?)", (row["event"], due))
