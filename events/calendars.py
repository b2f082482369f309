"""A registration as a calendar entry (.ics), and its tickets as pictures to show at the door."""

from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from icalendar import Event as Entry
from icalendar import vText

from bookings.calendars import CANCEL, PUBLISH, REQUEST, invitation, person, written
from events.models import Event, Registration, Seat
from members.messages.attachments import Attachment

PRODUCT = "-//La Cantine Numérique//Événements//FR"
SCALE, BORDER = 10, 4


def attachment(reference: str) -> Attachment | None:
    """Load "registration-ics:17" for a message; None when there is no such registration."""
    registration = _read(reference)
    if registration is None:
        return None
    method = CANCEL if is_off(registration) else REQUEST
    return invitation("evenement.ics", calendar_of(registration, method=method), method=method)


def ticket(reference: str) -> Attachment | None:
    """Load the picture of a ticket for a message; None when there is no such seat."""
    seat = Seat.objects.filter(pk=int(reference)).first() if reference.isdecimal() else None
    if seat is None:
        return None
    return Attachment(name=f"billet-{seat.spelt}.png", content=picture_of(seat), mime="image/png")


def _read(number: str) -> Registration | None:
    rows = Registration.objects.select_related("event__site__seller", "event__space", "event__created_by")
    return rows.filter(pk=int(number)).first() if number.isdecimal() else None


def is_off(registration: Registration) -> bool:
    """Whether the entry must leave the agenda."""
    return not registration.is_active or registration.event.is_cancelled


def download_of(registration: Registration) -> bytes:
    """The file behind « Ajouter à mon agenda »."""
    return calendar_of(registration, method=CANCEL if is_off(registration) else PUBLISH)


def calendar_of(registration: Registration, *, method: str) -> bytes:
    """Write the calendar of one registration; the same registration gives the same bytes."""
    return written(_entry(registration, method=method), method=method, product=PRODUCT)


def _entry(registration: Registration, *, method: str) -> Entry:
    event, host = registration.event, urlsplit(settings.PUBLIC_URL).hostname
    stamp = _stamp(registration)
    entry = Entry()
    entry.add("uid", f"inscription-{registration.pk}@{host}")
    entry.add("sequence", registration.sequence + event.sequence)
    entry.add("dtstamp", stamp)
    entry.add("last-modified", stamp)
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.title)
    entry.add("location", location_of(event, registration))
    # The event's page, not the private one: agendas are shared, and that link can give the seats back.
    entry.add("url", settings.PUBLIC_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("transp", "OPAQUE")
    entry.add(
        "organizer", person(event.site.email or settings.DEFAULT_FROM_EMAIL, event.site.name), encode=False
    )
    if method != PUBLISH and registration.email:
        invited = person(registration.email, registration.name)
        invited.params.update({"PARTSTAT": vText("ACCEPTED"), "RSVP": vText("FALSE")})
        entry.add("attendee", invited, encode=False)
    return entry


def location_of(event: Event, registration: Registration | None = None) -> str:
    """Where to come, on one line; the link of an online event for who has a seat only."""
    if event.where == Event.Where.ONLINE:
        sure = registration is not None and registration.state == Registration.State.CONFIRMED
        return event.online_link if sure and event.online_link else event.place_label
    if event.where == Event.Where.ELSEWHERE:
        parts = [event.place_name, event.place_address]
    else:
        site = event.site
        town = f"{site.postcode} {site.city}".strip()
        parts = [event.place_label, site.place or site.name, site.door, site.address, town]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _stamp(registration: Registration) -> datetime:
    changes = (
        registration.created_at,
        registration.confirmed_at,
        registration.cancelled_at,
        registration.event.changed_at,
        registration.event.cancelled_at,
    )
    return max(each for each in changes if each is not None).astimezone(UTC)


def address_of(seat: Seat) -> str:
    """What a ticket's code says to a camera."""
    return f"{settings.PUBLIC_URL}{reverse('events:ticket', args=[seat.code])}"


def picture_of(seat: Seat) -> bytes:
    """A ticket's QR code as a PNG, large enough for a cracked screen."""
    drawn = BytesIO()
    segno.make(address_of(seat), error="m", micro=False).save(drawn, kind="png", scale=SCALE, border=BORDER)
    return drawn.getvalue()
