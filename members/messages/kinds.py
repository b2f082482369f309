"""The registry of messages: which templates exist, and how each reads what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Load = Callable[[dict[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """One sort of message. `secret`: its ids hold a code, and are wiped once it is sent or dropped."""

    template: str
    load: Load
    secret: bool = False


class UnknownKind(LookupError):
    """A message names a template that no app registered."""


_kinds: dict[str, Kind] = {}


def register(template: str, load: Load, *, secret: bool = False) -> None:
    """Declare a message; called from `apps.py:ready`.

    `load(ids)` is called when the message is about to be sent. It returns what its templates need
    (`templates/emails/<template>.subject.txt`, `.txt`, `.html`), or None when the message is no longer true:
    it is then dropped.
    """
    if template in _kinds and _kinds[template].load is not load:
        raise ValueError(f"The message {template} is registered twice.")
    _kinds[template] = Kind(template, load, secret)


def kind_of(template: str) -> Kind:
    """Find a registered kind, or raise `UnknownKind`."""
    try:
        return _kinds[template]
    except KeyError:
        raise UnknownKind(template) from None


def registered() -> list[Kind]:
    """List every kind, by name, for the system check and its tests."""
    return [_kinds[name] for name in sorted(_kinds)]
