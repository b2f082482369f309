"""The registry of purposes: what becomes of a booking that expires, or that a closure displaces.

The room that owns a purpose registers it, in `apps.py:ready`. Handlers are steps.
"""

from datetime import datetime
from typing import Any, Protocol

from django.core.checks import CheckMessage, Error

from bookings.models import Booking


class Handler(Protocol):
    """What the owner of a purpose does about its bookings."""

    def expired(self, booking: Booking, *, now: datetime) -> None:
        """Step: told after its hold ran out and its places are free."""

    def displaced(self, booking: Booking, *, reason: str, now: datetime) -> bool:
        """Step: a closure wants its places. True when it let them go; False keeps it from closing."""


_handlers: dict[str, Handler] = {}


def register(purpose: str, handler: Handler) -> None:
    """Declare who looks after a purpose."""
    if purpose in _handlers and _handlers[purpose] is not handler:
        raise ValueError(f"The purpose {purpose} is registered twice.")
    _handlers[purpose] = handler


def handler_of(booking: Booking) -> Handler | None:
    """Who looks after this booking's purpose, if anyone does."""
    return _handlers.get(booking.purpose)


def registered() -> list[str]:
    """The purposes someone looks after, by name."""
    return sorted(_handlers)


def check_purposes(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Refuse at start a handler for a purpose no booking can have."""
    unknown = sorted(set(_handlers) - set(Booking.Purpose.values))
    return [
        Error(f"A handler is registered for the unknown purpose {name}.", id="bookings.E001")
        for name in unknown
    ]
