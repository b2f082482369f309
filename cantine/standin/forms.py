"""Reading form-encoded parameters whose names nest, as Stripe's clients send them."""

from typing import Any
from urllib.parse import parse_qsl

from cantine.standin.errors import ApiError

DEEPEST = 12


def parse_nested(encoded: str) -> dict[str, Any]:
    """Turn `a[b][0][c]=v` into `{"a": {"b": [{"c": "v"}]}}`; `x[]=` appends; numbered keys become a list."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        _put(tree, _path(name), value)
    return {name: _listed(value) for name, value in tree.items()}


def _path(name: str) -> list[str]:
    head, _, rest = name.partition("[")
    if not rest:
        return [head]
    if not rest.endswith("]"):
        raise ApiError.invalid(f"Invalid parameter name: {name}")
    path = [head, *rest[:-1].split("][")]
    if len(path) > DEEPEST:
        raise ApiError.invalid("Parameters are nested too deeply.")
    return path


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for part, following in zip(path, [*path[1:], None], strict=True):
        key = part or str(len(tree))
        if following is None:
            tree[key] = value
            return
        branch = tree.setdefault(key, {})
        if not isinstance(branch, dict):
            raise ApiError.invalid(f"Invalid parameter: {path[0]}", param=path[0])
        tree = branch


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}
