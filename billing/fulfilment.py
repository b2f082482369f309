"""The registry of what is ordered: line kind → what happens when its line is accepted, expires or is left.

Billing never names the rooms above it; they register here, in their `apps.py:ready`. Handlers are steps: they
run inside the caller's transaction, after the order is locked.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from billing.models import Document, OrderLine


@dataclass(frozen=True, slots=True)
class Summary:
    """What the pay page says of a line, in a few words; `cancellation` is one or two sentences.

    `desk_until` is how long the line can be kept for who pays on the spot; None where that isn't offered.
    `change_text` says what is behind `change_url` where nothing can be changed there; `give_up_url` asks
    before the whole is given up, where an order is part of something bigger.
    `address_url` is where a guest corrects their address.
    """

    when: str
    title: str
    note: str = ""
    cancellation: str = ""
    change_url: str = ""
    change_text: str = ""
    give_up_url: str = ""
    address_url: str = ""
    hold_label: str = ""
    desk_until: dt.datetime | None = None


class Handler(Protocol):
    """What a room does for the kinds of line it sells; an object or a module."""

    def accept(self, line: OrderLine, *, now: dt.datetime) -> bool:
        """Step: give what was ordered; False when that is no longer possible. Owes no message of success."""

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: dt.datetime) -> bool:
        """Step: owe the confirmation, once the document is issued; True if it attaches the document."""

    def expire(self, line: OrderLine, *, now: dt.datetime) -> None:
        """Step: free what was held; its time is up."""

    def cancel(self, line: OrderLine, *, now: dt.datetime) -> None:
        """Step: free what was held; the order is given up."""

    def prolong(self, line: OrderLine, *, until: dt.datetime) -> None:
        """Step: hold until then."""

    def summary(self, line: OrderLine) -> Summary:
        """Say what the line is, on the pay page, in the active language."""

    def page(self, line: OrderLine) -> str:
        """Give the address of the line's own page."""


class UnknownKind(LookupError):
    """An order line is of a kind that no room registered."""


_handlers: dict[str, Handler] = {}
_advances: set[str] = set()


def register(kind: str, handler: Handler, *, advance: bool = False) -> None:
    """Declare who fulfils a kind of line; called from `apps.py:ready`.

    `advance` says that its lines are advances on a sale to come: their invoice is an advance invoice (386).
    """
    if kind in _handlers and _handlers[kind] is not handler:
        raise ValueError(f"The line kind {kind} is registered twice.")
    _handlers[kind] = handler
    if advance:
        _advances.add(kind)


def is_advance(line: OrderLine) -> bool:
    """Whether `line` is an advance on a sale to come."""
    return line.kind in _advances


def handler_of(line: OrderLine) -> Handler:
    """Find who fulfils `line`, or raise `UnknownKind`."""
    return handler_for(line.kind)


def handler_for(kind: str) -> Handler:
    """Find who fulfils a kind, or raise `UnknownKind`."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def kinds() -> list[str]:
    """List the kinds registered, by name."""
    return sorted(_handlers)
