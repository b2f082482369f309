"""An event as search engines read it (schema.org), and as a link to it is shown elsewhere (Open Graph)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.models import Event
from members.formats import day, hours, plain
from members.structured import SCHEMA, in_script


@dataclass(frozen=True)
class Shared:
    """What the head of a public event's page says of it."""

    url: str
    image: str
    description: str
    data: SafeString


def shared(event: Event, now: datetime) -> Shared | None:
    """Describe an event anyone may read; None for members' events, drafts and what is planned."""
    shown = event.is_published or (event.is_cancelled and event.published_at is not None)
    hidden = event.visible_from is not None and event.visible_from > now
    if not shown or hidden or event.audience != Event.Audience.PUBLIC:
        return None
    return Shared(
        url=settings.PUBLIC_URL + event.get_absolute_url(),
        image=image_of(event),
        description=sentence(event),
        data=in_script(schema_of(event, now)),
    )


def sentence(event: Event) -> str:
    """« mardi 24 novembre 2026, 18 h 30 – 20 h, Le Quai. Une soirée pour essayer. »"""
    language, local = get_language() or "fr", event.local
    when = f"{day(local.start.date(), language, year=True)}, {hours(local.start, local.end, language)}"
    return plain(f"{when}, {event.place_label}. {event.summary}".strip())


def image_of(event: Event) -> str:
    """The picture made for sharing; its address changes with the event, so that no copy goes stale."""
    address = reverse("events:sharing_picture", args=[event.slug])
    return f"{settings.PUBLIC_URL}{address}?v={int(event.changed_at.timestamp())}"


def schema_of(event: Event, now: datetime) -> dict[str, Any]:
    """The event in the words of https://schema.org/Event; addresses are absolute, times carry their zone."""
    url, online = settings.PUBLIC_URL + event.get_absolute_url(), event.where == Event.Where.ONLINE
    local = event.local
    found = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.summary or event.title,
        "startDate": local.start.isoformat(),
        "endDate": local.end.isoformat(),
        "eventStatus": SCHEMA + ("EventCancelled" if event.is_cancelled else "EventScheduled"),
        "eventAttendanceMode": f"{SCHEMA}{'Online' if online else 'Offline'}EventAttendanceMode",
        "location": place_of(event, url),
        "image": [image_of(event)],
        "inLanguage": event.language,
        "isAccessibleForFree": all(each.pricing != "paid" for each in event.tickets.all()),
        "organizer": {"@type": "Organization", "name": event.site.seller.name, "url": settings.PUBLIC_URL},
        "offers": offers_of(event, url, now),
        "performer": [{"@type": "Person", "name": each.name} for each in event.speakers.all()],
    }
    return {name: value for name, value in found.items() if value != []}


def place_of(event: Event, url: str) -> dict[str, Any]:
    """Where it is; for an online event its page, since the link is for who is registered."""
    if event.where == Event.Where.ONLINE:
        return {"@type": "VirtualLocation", "url": url}
    if event.where == Event.Where.ELSEWHERE:
        return {
            "@type": "Place",
            "name": event.place_name,
            "address": event.place_address or event.place_name,
        }
    site = event.site
    address = {
        "@type": "PostalAddress",
        "streetAddress": site.address,
        "postalCode": site.postcode,
        "addressLocality": site.city,
        "addressCountry": site.country,
    }
    return {"@type": "Place", "name": site.place or site.name, "address": address}


def offers_of(event: Event, url: str, now: datetime) -> list[dict[str, Any]]:
    """Each ticket that is offered."""
    full = event.seats_left == 0
    return [
        {
            "@type": "Offer",
            "name": each.label,
            "price": f"{each.price:.2f}",
            "priceCurrency": "EUR",
            "url": f"{url}#inscription",
            "validFrom": (each.opens_at or event.published_at or event.created_at).isoformat(),
            "availability": SCHEMA + ("SoldOut" if full or each.seats_left == 0 else "InStock"),
        }
        for each in event.tickets.all()
        if each.is_active and not event.is_cancelled and not event.is_over(now)
    ]
