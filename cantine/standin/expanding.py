"""`expand`: putting an object where its id stands."""

from typing import Any

from cantine.standin import checkout, listing
from cantine.standin.call import Call
from cantine.standin.errors import ApiError
from cantine.standin.state import Json

DEEPEST = 4


def expand(call: Call, body: Json) -> Json:
    """The object with what the request asked to be expanded."""
    asked = call.params.get("expand", [])
    if not isinstance(asked, list):
        raise ApiError.invalid("Invalid array", param="expand")
    for path in asked:
        parts = str(path).split(".")
        if len(parts) > DEEPEST:
            raise ApiError.invalid("You cannot expand more than 4 levels of a property", param="expand")
        _fill(call, body, parts)
    return body


def _fill(call: Call, here: Any, parts: list[str]) -> None:
    if isinstance(here, list):
        for one in here:
            _fill(call, one, parts)
        return
    if not parts or here is None:
        return
    name = parts[0]
    if name == "line_items" and here.get("object") == "checkout.session":
        here[name] = listing.whole(
            f"/v1/checkout/sessions/{here['id']}/line_items", checkout.line_items(call, here["id"])
        )
    if name not in here:
        raise ApiError.invalid(f"This property cannot be expanded ({name}).", param="expand")
    if isinstance(here[name], str):
        found = call.store.find(here[name])
        if found is None:
            raise ApiError.invalid(f"This property cannot be expanded ({name}).", param="expand")
        here[name] = found
    _fill(call, here[name], parts[1:])
