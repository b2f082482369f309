"""Customers: create, change, delete."""

from cantine.standin import events, objects
from cantine.standin.call import Call
from cantine.standin.state import Json

SHOWN = ("address", "description", "phone", "preferred_locales")


def create(call: Call) -> Json:
    """POST /v1/customers."""
    call.only("name", "email", "metadata", *SHOWN)
    given = {name: call.params[name] for name in SHOWN if name in call.params}
    given["metadata"] = call.metadata()
    created = call.store.add(
        objects.customer(now=call.store.now(), name=call.text("name"), email=call.text("email"), given=given)
    )
    events.emit(call, "customer.created", created)
    return created


def update(call: Call, identifier: str) -> Json:
    """POST /v1/customers/:id."""
    call.only("name", "email", "metadata", *SHOWN)
    known = call.object("customer", identifier)
    changes = {name: call.params[name] or None for name in ("name", "email", *SHOWN) if name in call.params}
    if "metadata" in call.params:
        changes["metadata"] = {**known["metadata"], **call.metadata()}
    previous = {name: known[name] for name in changes}
    saved = call.store.save({**known, **changes})
    events.emit(call, "customer.updated", saved, previous=previous)
    return saved


def delete(call: Call, identifier: str) -> Json:
    """DELETE /v1/customers/:id."""
    known = call.object("customer", identifier)
    call.store.rows("DELETE FROM objects WHERE id = ?", (identifier,))
    events.emit(call, "customer.deleted", known)
    return {"id": identifier, "object": "customer", "deleted": True}
