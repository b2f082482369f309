"""The agenda as a calendar that others subscribe to: what is public, with what was called off.

An event keeps its UID whatever changes; SEQUENCE grows with each change of day or place, so that calendars
update what they have (RFC 5545 §3.8.7.4).
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, vDuration
from icalendar import Event as Entry

from events.calendars import PRODUCT, location_of
from events.models import Event

REFRESH = timedelta(hours=1)
"""How often calendars are asked to look again."""
KEPT_DAYS = 90
"""How long after its end an event stays in the feed."""
MOST = 500


def calendar_of(events: Iterable[Event], *, name: str, address: str) -> bytes:
    """Write the feed; the same events give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("source", address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        calendar.add_component(entry_of(event))
    return bytes(calendar.to_ical())


def entry_of(event: Event) -> Entry:
    """One event; the link of an online one is never in it."""
    url = settings.PUBLIC_URL + event.get_absolute_url()
    stamp = max(filter(None, (event.changed_at, event.published_at, event.cancelled_at))).astimezone(UTC)
    entry = Entry()
    entry.add("uid", f"evenement-{event.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", stamp)
    entry.add("last-modified", stamp)
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.title)
    entry.add("description", f"{event.summary}\n\n{url}".strip())
    entry.add("location", location_of(event))
    entry.add("url", url)
    entry.add("categories", [event.category.name, *event.tags])
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    return entry
