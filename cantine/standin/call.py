"""One request to the API, as the resources see it."""

from dataclasses import dataclass, field
from typing import Any

from cantine.standin.errors import ApiError
from cantine.standin.state import Json, Store


@dataclass
class Call:
    """Parameters of a request and the store it works on; `None` ids mean that the stand-in acts by itself."""

    store: Store
    params: dict[str, Any] = field(default_factory=dict)
    base_url: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None

    def only(self, *allowed: str) -> None:
        """Refuse parameters that Stripe would not know."""
        for name in self.params:
            if name not in allowed and name != "expand":
                raise ApiError.invalid(
                    f"Received unknown parameter: {name}", code="parameter_unknown", param=name
                )

    def text(self, name: str, default: str | None = None) -> str | None:
        """A parameter that is a text; an empty one unsets, so it counts as absent."""
        value = self.params.get(name, default)
        if value is not None and not isinstance(value, str):
            raise ApiError.invalid(f"Invalid string: {name}", param=name)
        return value or None

    def required(self, name: str) -> Any:
        """A parameter that must be there."""
        value = self.params.get(name)
        if value in (None, ""):
            raise ApiError.invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
        return value

    def integer(self, name: str) -> int | None:
        """A parameter that is a whole number, or None when absent."""
        return None if self.params.get(name) in (None, "") else whole_number(self.params[name], name)

    def mapping(self, name: str) -> dict[str, Any]:
        """A parameter that holds others, empty when absent."""
        value = self.params.get(name) or {}
        if not isinstance(value, dict):
            raise ApiError.invalid(f"Invalid object: {name}", param=name)
        return value

    def metadata(self) -> dict[str, str]:
        """Free keys and texts of the caller's."""
        return {str(key): str(value) for key, value in self.mapping("metadata").items()}

    def object(self, kind: str, identifier: str, *, noun: str = "", param: str = "") -> Json:
        """The object an id names; 404 from the address, 400 when a parameter (`param`) names it."""
        found = self.store.find(identifier, kind)
        if found is None:
            raise ApiError.missing(
                noun or kind, identifier, param=param or "id", status=400 if param else 404
            )
        return found


def whole_number(value: object, name: str) -> int:
    """A whole number sent as text."""
    if not isinstance(value, str) or not value.lstrip("-").isascii() or not value.lstrip("-").isdigit():
        raise ApiError.invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)
