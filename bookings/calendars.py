"""A booking as a calendar entry (.ics): kept for the reader's own agenda, called off by the same UID."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from bookings.models import Booking, Site
from members.messages.attachments import Attachment

PRODUCT = "-//La Cantine Numérique//Réservations//FR"
REQUEST, PUBLISH, CANCEL = "REQUEST", "PUBLISH", "CANCEL"


def download_of(booking: Booking) -> bytes:
    """The file behind « Ajouter à mon agenda »."""
    return calendar_of(booking, method=CANCEL if is_off(booking) else PUBLISH)


def attachment(reference: str) -> Attachment | None:
    """Load "ics:booking:17" for a message ; None when there is no such booking."""
    _kind, _colon, number = reference.partition(":")
    bookings = Booking.objects.select_related("site__seller", "space", "booked_by", "customer")
    booking = bookings.filter(pk=int(number)).first() if number.isdecimal() else None
    if booking is None:
        return None
    method = CANCEL if is_off(booking) else REQUEST
    return invitation(f"{booking.reference}.ics", calendar_of(booking, method=method), method=method)


def invitation(name: str, content: bytes, *, method: str) -> Attachment:
    """A calendar as mail programs take it."""
    return Attachment(
        name=name,
        content=content,
        mime="text/calendar",
        parameters={"method": method, "charset": "utf-8"},
    )


def is_off(booking: Booking) -> bool:
    """Whether the entry must leave the agenda."""
    return booking.state in {Booking.State.CANCELLED, Booking.State.EXPIRED}


def calendar_of(booking: Booking, *, method: str) -> bytes:
    """Write the calendar of one booking; the same booking gives the same bytes (RFC 5545 and 5546)."""
    return written(entry_of(booking, method=method), method=method)


def written(entry: Event, *, method: str, product: str = PRODUCT) -> bytes:
    """A calendar of one entry."""
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def entry_of(booking: Booking, *, method: str) -> Event:
    """Write the entry itself; times are in UTC, which every program reads without a zone's table."""
    site, changed = booking.site, stamp_of(booking)
    entry = Event()
    entry.add("uid", f"{booking.reference.lower()}@{urlsplit(settings.PUBLIC_URL).hostname}")
    entry.add("sequence", booking.sequence)
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", booking.period.start.astimezone(UTC))
    entry.add("dtend", booking.period.end.astimezone(UTC))
    entry.add("summary", _("%(space)s, La Cantine") % {"space": booking.space.label})
    entry.add("location", place_of(booking.site))
    entry.add("url", settings.PUBLIC_URL + reverse("bookings:booking", args=[booking.reference]))
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("transp", "OPAQUE")
    entry.add("organizer", person(site.email or settings.DEFAULT_FROM_EMAIL, site.name), encode=False)
    guest = booking.booked_by.email if booking.booked_by else booking.customer and booking.customer.email
    if method != PUBLISH and guest:
        invited = person(guest, str(booking.booked_by or booking.customer))
        invited.params.update({"PARTSTAT": vText("ACCEPTED"), "RSVP": vText("FALSE")})
        entry.add("attendee", invited, encode=False)
    return entry


def stamp_of(booking: Booking) -> datetime:
    """When the entry last changed."""
    changes = (booking.created_at, booking.confirmed_at, booking.displaced_at, booking.cancelled_at)
    return max(each for each in changes if each is not None).astimezone(UTC)


def place_of(site: Site) -> str:
    """Where to come, on one line."""
    town = f"{site.postcode} {site.city}".strip()
    parts = (site.place or site.name, site.door, site.address, town)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def person(address: str, name: str) -> vCalAddress:
    """An address as calendars write it."""
    plain = address.rpartition("<")[2].rstrip(">")
    value = vCalAddress(f"mailto:{plain}")
    value.params["CN"] = vText(name)
    return value
