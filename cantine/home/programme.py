"""The next events, on both faces of « / »."""

from datetime import datetime
from typing import TYPE_CHECKING

from events.models import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

SHOWN = 3


def next_events(user: "User | AnonymousUser", now: datetime) -> list[Event]:
    """The next three that this person may read and that are on."""
    events = Event.objects.visible_to(user, now).on().upcoming(now).with_mine(user)
    return list(events.select_related("category", "site", "space").prefetch_related("tickets")[:SHOWN])
