"""What this browser registered a guest for: the same person coming again finds that, not a second ticket.

Only the browser that registered is told; any other learns of it from the letter alone, so that nobody finds
out who is registered by trying addresses.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from events.models import Event, Registration

KEY = "registered_here"


def remember(request: HttpRequest, registration: Registration) -> None:
    """Keep the key of a registration with the session."""
    kept = request.session.get(KEY, {})
    request.session[KEY] = {**kept, str(registration.event_id): registration.key}


def found_again(
    request: HttpRequest, event: Event, asked: dict[str, Any], now: datetime
) -> Registration | None:
    """What the same name and address have here of this event already, unless they ask for more seats."""
    key = request.session.get(KEY, {}).get(str(event.pk))
    if key is None:
        return None
    lasting = Q(held_until=None) | Q(held_until__gt=now)
    rows = Registration.objects.standing().filter(lasting, event=event, key=key, ticket=asked["ticket"])
    same = rows.filter(name__iexact=asked["name"], email__iexact=asked["email"])
    return same.filter(seats__gte=asked["seats"]).first()
