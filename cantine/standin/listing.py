"""Lists: newest first, by pages, filtered as each kind allows."""

import json
from dataclasses import dataclass
from typing import Any

from cantine.standin.call import Call, whole_number
from cantine.standin.errors import ApiError
from cantine.standin.state import Json

OPERATORS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
PAGING = ("limit", "starting_after", "ending_before")


@dataclass(frozen=True)
class Listed:
    """How a kind is listed: its address, the fields that filter, what may name the object above it."""

    url: str
    kind: str
    filters: tuple[str, ...] = ()
    under: tuple[str, ...] = ()


def page(call: Call, listed: Listed) -> Json:
    """A page of a kind, as Stripe's list object."""
    extra = ("types", "delivery_success") if listed.kind == "event" else ()
    call.only(*PAGING, "created", *listed.filters, *listed.under, *extra)
    conditions, values = ["kind = ?"], [listed.kind]
    for name in listed.filters:
        if call.text(name) is not None:
            conditions.append(f"json_extract(body, '$.{name}') = ?")
            values.append(str(call.params[name]))
    for name in listed.under:
        if call.text(name) is not None:
            conditions.append("parent = ?")
            values.append(call.object(name, str(call.params[name]), param=name)["id"])
    for operator, moment in _moments(call.params.get("created")):
        conditions.append(f"json_extract(body, '$.created') {operator} {moment}")
    if types := call.params.get("types"):
        conditions.append("json_extract(body, '$.type') IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(types))
    return _cut(call, listed.url, " AND ".join(conditions), values)


def _moments(created: Any) -> list[tuple[str, int]]:
    if created is None:
        return []
    if not isinstance(created, dict):
        return [("=", whole_number(created, "created"))]
    unknown = set(created) - set(OPERATORS)
    if unknown:
        raise ApiError.invalid(f"Received unknown parameter: {unknown.pop()}", param="created")
    return [(OPERATORS[name], whole_number(value, "created")) for name, value in created.items()]


def _cut(call: Call, url: str, condition: str, values: list[str]) -> Json:
    limit = call.integer("limit") or 10
    if not 1 <= limit <= 100:
        raise ApiError.invalid("Invalid limit: must be between 1 and 100", param="limit")
    order = "DESC"
    if after := call.text("starting_after"):
        condition += f" AND seq < {_rank(call, after, 'starting_after')}"
    elif before := call.text("ending_before"):
        condition += f" AND seq > {_rank(call, before, 'ending_before')}"
        order = "ASC"
    rows = call.store.rows(
        f"SELECT body FROM objects WHERE {condition} ORDER BY seq {order} LIMIT {limit + 1}",  # noqa: S608 - ours
        values,
    )
    found = [json.loads(row["body"]) for row in rows[:limit]]
    if order == "ASC":
        found.reverse()
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": found}


def _rank(call: Call, identifier: str, param: str) -> int:
    found = call.store.rows("SELECT seq FROM objects WHERE id = ?", (identifier,))
    if not found:
        raise ApiError.missing("object", identifier, param=param, status=400)
    return int(found[0]["seq"])


def whole(url: str, data: list[Json]) -> Json:
    """A short list given at once."""
    return {"object": "list", "url": url, "has_more": False, "data": data}
