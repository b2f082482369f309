"""The sheet of a day for setting up: each rental and event, in which room, how, and from when to when."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking, RentalQuote, Site
from bookings.period import Period
from bookings.quote_words import line_said, said_only
from bookings.stay import party_of, used
from cantine.gestion import shown
from events.models import Event
from members.formats import hour, span

PURPOSES = (Booking.Purpose.EVENT, Booking.Purpose.RENTAL)


@dataclass(frozen=True)
class Setup:
    """One thing to set up, in words; `facts` are pairs of label and value, without what nobody knows."""

    key: str
    starts: datetime
    title: str
    kind: str
    rooms: str
    when: str
    facts: list[tuple[str, str]]
    extras: list[str]
    note: str
    is_option: bool = False


def read(site: Site, day: date) -> list[Setup]:
    """What is to be set up on a day, the first one to be ready first; two queries."""
    rows = Booking.objects.active().filter(purpose__in=PURPOSES).on(site, day)
    rows = rows.select_related(
        "space",
        "rental_option__rental__quote",
        "rental_option__rental__request",
        "rental_option__rental__day",
        "event_room__event__created_by",
    ).prefetch_related("rental_option__rental__quote__lines")
    together: dict[str, list[Booking]] = {}
    for booking in rows.order_by("space__position", "pk"):
        together.setdefault(key_of(booking), []).append(booking)
    found = [setup(key, mine, site) for key, mine in together.items()]
    return sorted(found, key=lambda each: (each.starts, each.title))


def key_of(booking: Booking) -> str:
    """What a booking is part of: the rooms of a rental, or of an event, are set up together."""
    if hasattr(booking, "rental_option"):
        return f"rental-{booking.rental_option.rental_id}"
    if hasattr(booking, "event_room"):
        return f"event-{booking.event_room.event_id}"
    return f"booking-{booking.pk}"


def setup(key: str, bookings: list[Booking], site: Site) -> Setup:
    """One card of the sheet."""
    first = bookings[0]
    rooms = ", ".join(booking.space.label for booking in bookings)
    is_option = any(booking.state == Booking.State.HELD for booking in bookings)
    taken = Period(min(each.period.start for each in bookings), max(each.period.end for each in bookings))
    if hasattr(first, "rental_option"):
        found = of_rental(key, first.rental_option.rental, rooms, taken, site)
        return replace(found, is_option=is_option)
    if hasattr(first, "event_room"):
        return of_event(key, first.event_room.event, rooms, taken, site)
    kind, local = first.get_purpose_display(), taken.local(site.zone)
    when = span(local.start, local.end, shown.language())
    return Setup(key, taken.start, capfirst(kind), kind, rooms, when, [], [], first.note, is_option)


def of_rental(key: str, rental: RentalQuote, rooms: str, taken: Period, site: Site) -> Setup:
    """A rental: what was asked of the room, and the lines of its quote."""
    asked, period, party = rental.request, used(rental, taken), party_of(rental)
    unmoved = period.utc == rental.period.utc
    contact = ", ".join(each for each in (asked.name, asked.phone, asked.email) if each)
    return Setup(
        key=key,
        starts=taken.start,
        title=str(asked),
        kind=str(Booking.Purpose.RENTAL.label),
        rooms=rooms,
        when=said(period, site),
        facts=said_only(
            (_("Prête à"), edge(taken.start, period.start, site)),
            (_("Rangée à"), edge(taken.end, period.end, site)),
            (_("Disposition"), party.layout_said),
            (_("Personnes"), str(party.people)),
            (_("Personne à joindre"), contact),
            (_("De notre côté"), on_duty(rental)),
        ),
        extras=[line_said(line, shown.language(), detail=unmoved) for line in rental.quote.lines.all()],
        note=asked.purpose,
    )


def on_duty(rental: RentalQuote) -> str:
    """Who of ours the holder is to call, where somebody was named."""
    named = getattr(rental, "day", None)
    return ", ".join(each for each in (named.contact_name, named.contact_phone) if each) if named else ""


def of_event(key: str, event: Event, rooms: str, taken: Period, site: Site) -> Setup:
    """An event: how many come, and who wrote it."""
    return Setup(
        key=key,
        starts=taken.start,
        title=event.title,
        kind=str(Booking.Purpose.EVENT.label),
        rooms=rooms,
        when=said(event.period, site),
        facts=said_only(
            (_("Prête à"), edge(taken.start, event.starts_at, site)),
            (_("Rangée à"), edge(taken.end, event.ends_at, site)),
            (_("Personnes"), people_of(event)),
            (_("Personne à joindre"), f"{event.created_by}, {event.created_by.email}"),
        ),
        extras=[],
        note=event.summary,
    )


def people_of(event: Event) -> str:
    """« 12 inscrits, 40 places »."""
    number = event.seats_taken
    text = ngettext("%(number)s personne inscrite", "%(number)s personnes inscrites", number)
    parts = [text % {"number": number}]
    if event.capacity:
        all_of = ngettext("%(number)s place en tout", "%(number)s places en tout", event.capacity)
        parts.append(all_of % {"number": event.capacity})
    return ", ".join(parts)


def said(period: Period, site: Site) -> str:
    """From when to when, by the clocks of the site."""
    local = period.local(site.zone)
    return span(local.start, local.end, shown.language())


def edge(taken: datetime, used: datetime, site: Site) -> str:
    """The hour at which a room is taken before, or free after; nothing where that is the hour itself."""
    return hour(taken.astimezone(site.zone), shown.language()) if taken != used else ""
