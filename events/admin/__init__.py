"""The manager's desk for events: read here; written, published and kept by the pages of events."""

from events.admin import events, registrations

__all__ = ["events", "registrations"]
