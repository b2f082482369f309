"""Invariants 1 and 2 for events: seats are counted right, lists go in order, rooms follow states."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Order, OrderLine
from bookings.models import Booking
from cantine.audit.late import LATE
from events.forgetting import old_salts
from events.models import Event, Registration, TicketType
from events.services.erasing import KEPT
from events.services.visitors import RECOGNISED
from members.periods import PERIODS

ACTIVE = Q(state__in=Registration.ACTIVE)


def _seats(**outer: OuterRef) -> Coalesce:
    taken = Registration.objects.filter(ACTIVE, **outer).order_by().values(*outer).annotate(n=Sum("seats"))
    return Coalesce(Subquery(taken.values("n"), output_field=IntegerField()), 0)


def seats_counted_wrong(_now: datetime) -> Iterator[str]:
    """What an event and a ticket count as taken is what their registrations hold, within their limits."""
    events = Event.objects.annotate(held=_seats(event=OuterRef("pk")))
    wrong = events.exclude(held=F("seats_taken")).values_list("slug", "seats_taken", "held")
    for slug, counted, held in wrong:
        yield f"event {slug} counts {counted} seats, its registrations hold {held}"
    for slug, capacity, held in events.filter(capacity__lt=F("held")).values_list("slug", "capacity", "held"):
        yield f"event {slug} has {held} seats taken of {capacity}"
    tickets = TicketType.objects.annotate(held=_seats(ticket=OuterRef("pk"))).exclude(held=F("seats_taken"))
    for pk, slug, counted, held in tickets.values_list("pk", "event__slug", "seats_taken", "held"):
        yield f"ticket {pk} of {slug} counts {counted} seats, its registrations hold {held}"


def registrations_without_their_places(_now: datetime) -> Iterator[str]:
    """Each seat of a registration has its ticket."""
    wrong = Registration.objects.filter(erased_at=None).annotate(n=Count("places")).exclude(n=F("seats"))
    for pk, seats, places in wrong.values_list("pk", "seats", "n"):
        yield f"registration {pk} is for {seats} seats and has {places}"


def registrations_that_contradict_their_order(_now: datetime) -> Iterator[str]:
    """What is sold and what is held agree: confirmed where the line is fulfilled, and only there."""
    fulfilled = Q(line__state=OrderLine.State.FULFILLED)
    confirmed = Q(state=Registration.State.CONFIRMED)
    wrong = (
        confirmed & ~fulfilled
        | ~confirmed & fulfilled
        | Q(state=Registration.State.HELD) & ~Q(line__order__state=Order.State.OPEN)
        | Q(state=Registration.State.EXPIRED, line__order__state=Order.State.OPEN)
    )
    rows = Registration.objects.filter(wrong, line__isnull=False).select_related("line__order")
    for row in rows:
        line = row.line
        if line is not None:
            yield f"registration {row.pk} is {row.state}, its line {line.state}, its order {line.order.state}"


def offers_out_of_order(_now: datetime) -> Iterator[str]:
    """Nobody was offered seats while someone who came before waits for as few of the same ticket."""
    passed = Registration.objects.filter(
        event=OuterRef("event"),
        ticket=OuterRef("ticket"),
        offered_at__isnull=False,
        queued_at__gt=OuterRef("queued_at"),
        offered_at__gt=OuterRef("queued_at"),
        seats__gte=OuterRef("seats"),
    )
    waiting = Registration.objects.waiting().filter(event__state=Event.State.PUBLISHED)
    found = waiting.annotate(by=Subquery(passed.values("pk")[:1])).filter(by__isnull=False)
    for pk, by in found.values_list("pk", "by"):
        yield f"registration {pk} waits while {by}, who came later, was offered seats"


def rooms_out_of_step(now: datetime) -> Iterator[str]:
    """An event holds its room from submitting on, sure from publishing, for its time; cancelled, none."""
    rooms = Booking.objects.active().filter(event_room__isnull=False).select_related("event_room__event")
    for booking in rooms:
        event = booking.event_room.event
        if event.state in {Event.State.DRAFT, Event.State.CANCELLED}:
            yield f"event {event.slug} is {event.state} and holds a room ({booking})"
        elif booking.period.utc != event.taken_period.utc or booking.space_id != event.space_id:
            yield f"event {event.slug} holds a room at another time or place ({booking})"
        elif event.state == Event.State.PUBLISHED and booking.state != Booking.State.CONFIRMED:
            yield f"event {event.slug} is published and its room is only held ({booking})"
    held = Q(rooms__booking__state__in=Booking.ACTIVE)
    without = Event.objects.filter(state=Event.State.PUBLISHED, where=Event.Where.ROOM, ends_at__gt=now)
    for event in without.annotate(n=Count("rooms", filter=held)).filter(n=0):
        yield f"event {event.slug} is published and has no room"


def events_left_half_cancelled(now: datetime) -> Iterator[str]:
    """Everyone of a cancelled event was told, and their seats and money given back."""
    left = Registration.objects.filter(
        event__state=Event.State.CANCELLED,
        event__cancelled_at__lte=now - LATE,
        state__in=["waiting", *Registration.ACTIVE],
    )
    for row in left.select_related("event"):
        yield f"registration {row.pk} of the cancelled event {row.event.slug} is {row.state}"


def seats_held_too_long(now: datetime) -> Iterator[str]:
    """Offers whose time is up went to the next person."""
    for row in Registration.objects.overdue(now - LATE).filter(line=None):
        yield f"registration {row.pk} is held since {row.held_until:%Y-%m-%d %H:%M}"


FORGETTING = timedelta(days=1)
"""How late the hourly look for registrants to forget may be before the audit says so."""


def registrants_kept_too_long(now: datetime) -> Iterator[str]:
    """Nothing says who registered for an event that was over long ago."""
    known = (
        ~Q(name="", email="")
        | Q(user__isnull=False)
        | Q(answers__isnull=False)
        | Q(places__name__gt="")
        | Q(erased_at=None)
    )
    rows = Registration.objects.filter(event__ends_at__lte=now - KEPT - FORGETTING)
    left = (
        rows.filter(known)
        .values("event__slug")
        .annotate(n=Count("pk", distinct=True))
        .order_by("event__slug")
    )
    for row in left:
        yield f"{row['n']} registrants of {row['event__slug']} are still known"


def salts_kept_too_long(now: datetime) -> Iterator[str]:
    """From fourteen months after a year on nobody can tell whose its pseudonyms are."""
    for salt in old_salts(now - PERIODS["visitor_salts"] - FORGETTING):
        yield f"the salt of {salt.year} is still there"


def visitors_of_another_year() -> Iterator[str]:
    """What stands for a visitor was made with the salt of the event's year, as far as it can be told."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT registration.id, recognised.year FROM ({RECOGNISED}) AS recognised
            JOIN events_registration AS registration ON registration.visitor = recognised.visitor
            JOIN events_event AS event ON event.id = registration.event_id
            JOIN bookings_site AS site ON site.id = event.site_id
            WHERE recognised.year <> extract(year FROM event.starts_at AT TIME ZONE site.timezone)
            ORDER BY 1
        """)  # noqa: S608 - two constants
        for pk, year in cursor.fetchall():
            yield f"the visitor of registration {pk} is made with the salt of {year}"
