"""The registry of messages: which templates exist, and how each reads what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Load = Callable[[dict[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """One sort of message. `label`: its name; `secret`: its ids hold a code, wiped once it is gone.

    `topic` (members/messages/topics.py): the switch people turn it off by; what they are owed has none.
    """

    template: str
    load: Load
    label: str | Promise = ""
    secret: bool = False
    topic: str = ""


class UnknownKind(LookupError):
    """A message names a template that no app registered."""


_kinds: dict[str, Kind] = {}


def register(
    template: str, load: Load, *, label: str | Promise = "", secret: bool = False, topic: str = ""
) -> None:
    """Declare a message; called from `apps.py:ready`. A system check asks for its `label`.

    `load(ids)` is called when the message is about to be sent. It returns what its templates need
    (`templates/emails/<template>.subject.txt`, `.txt`, `.html`), or None when the message is no longer true:
    it is then dropped.
    """
    if template in _kinds and _kinds[template].load is not load:
        raise ValueError(f"The message {template} is registered twice.")
    _kinds[template] = Kind(template, load, label, secret, topic)


def kind_of(template: str) -> Kind:
    """Find a registered kind, or raise `UnknownKind`."""
    try:
        return _kinds[template]
    except KeyError:
        raise UnknownKind(template) from None


def label_of(template: str) -> str:
    """What people call a message; its template when no app registers it any more."""
    kind = _kinds.get(template)
    return str(kind.label) if kind else template


def registered() -> list[Kind]:
    """List every kind, by name, for the system check and its tests."""
    return [_kinds[name] for name in sorted(_kinds)]
