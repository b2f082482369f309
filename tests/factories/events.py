"""Events, tickets and registrations for tests; every default is plainly invented.

An event is next week's Tuesday evening in a room of a new site, published, free, with ten places.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.models import Product
from bookings.models import Site
from events.models import Category, Event, EventRoom, Question, Registration, Seat, TicketType
from members.models import User
from tests.factories.billing import make_product
from tests.factories.bookings import make_house, make_plain_booking
from tests.factories.members import make_user
from tests.factories.rows import written

_numbers = count(1)
PRODUCT = "evenements"


def make_category(code: str = "atelier", **fields: Any) -> Category:
    """Find or make a category."""
    defaults = {"name": "Atelier", "name_en": "Workshop", "plural": "Ateliers", "plural_en": "Workshops"}
    return Category.objects.get_or_create(code=code, defaults={**defaults, **fields})[0]


def make_event(
    *,
    site: Site | None = None,
    by: User | None = None,
    room: bool = False,
    tickets: bool = True,
    **fields: Any,
) -> Event:
    """Make a published event, free, with ten places; `room` books room "a" of its site for it.

    Fields of TicketType may be given as `ticket={…}`; `now` is when it was written.
    """
    number = next(_numbers)
    now: datetime = fields.pop("now", None) or timezone.now()
    ticket = fields.pop("ticket", {})
    starts_at = fields.pop("starts_at", None) or _next_evening(now)
    site = site or make_house(desks=0)
    defaults: dict[str, Any] = {
        "slug": f"evenement-{number}",
        "title": f"Atelier d’essai {number}",
        "summary": "Une soirée pour essayer.",
        "description": "Apportez **une page** qui déborde.\n\n## Déroulé\n\n- Les causes\n- Votre page",
        "category": fields.pop("category", None) or make_category(),
        "space": site.spaces.filter(code="a").first(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "capacity": 10,
        "state": Event.State.PUBLISHED,
        "created_by": by or make_user(role="volunteer"),
        "created_at": now,
        "changed_at": now,
    }
    values = {**defaults, **fields}
    if values["state"] in {"published", "cancelled"}:
        values.setdefault("published_at", now)
    if values["state"] == Event.State.CANCELLED:
        values.setdefault("cancelled_at", now)
    event = written(Event(site=site, **values))
    if room:
        take_room(event, now)
    if tickets:
        make_ticket(event, **ticket)
    return event


def take_room(event: Event, now: datetime) -> None:
    """Book the event's room for it, setting up and clearing included."""
    assert event.space is not None
    booking = make_plain_booking(space=event.space, period=event.taken_period, now=now)
    written(EventRoom(event=event, booking=booking))


def _next_evening(now: datetime) -> datetime:
    local = timezone.localtime(now).replace(hour=18, minute=30, second=0, microsecond=0)
    return local + timedelta(days=8 - local.weekday())


def make_ticket(event: Event, **fields: Any) -> TicketType:
    """Make a free ticket; a `price` makes it paid (the seller then sells events)."""
    if "price" in fields:
        fields = {"pricing": "paid", **fields, "price": Decimal(fields["price"])}
    if fields.get("pricing", "free") != "free":
        make_event_product(event.site)
    return written(TicketType(event=event, **fields))


def make_event_product(site: Site) -> Product:
    """Find or make what a site's seller sells events as."""
    found = Product.objects.filter(seller=site.seller, code=PRODUCT).first()
    return found or make_product(site.seller, code=PRODUCT, name="Entrée à un événement")


def make_question(event: Event, label: str = "Avez-vous un régime particulier ?", **fields: Any) -> Question:
    """Make a question of the organiser."""
    return written(Question(event=event, label=label, **fields))


def make_registration(
    event: Event,
    *,
    state: str = "confirmed",
    user: User | None = None,
    names: Sequence[str] = (),
    now: datetime | None = None,
    **fields: Any,
) -> Registration:
    """Write a free registration in any state, counters and seats included, without services or messages."""
    number = next(_numbers)
    now = now or timezone.now()
    seats = fields.pop("seats", max(1, len(names)))
    defaults: dict[str, Any] = {
        "ticket": fields.pop("ticket", None) or event.tickets.all()[0],
        "name": user.name if user else f"Dominique Essai {number}",
        "email": user.email if user else f"inscrit{number}@cantine.example",
        "created_at": now,
        "queued_at": now if state == "waiting" else None,
        "held_until": now + timedelta(hours=24) if state == "held" else None,
        "offered_at": now if state == "held" else None,
        "confirmed_at": now if state == "confirmed" else None,
        "cancelled_at": now if state == "cancelled" else None,
    }
    with transaction.atomic():
        registration = written(
            Registration(event=event, user=user, seats=seats, state=state, **{**defaults, **fields})
        )
        _count(registration, names)
    return registration


def _count(registration: Registration, names: Sequence[str]) -> None:
    if registration.is_active:
        for each in (registration.event, registration.ticket):
            each.seats_taken += registration.seats
            each.save(update_fields=["seats_taken"])
    given = [*names, registration.name][: registration.seats]
    for position in range(1, registration.seats + 1):
        name = given[position - 1] if position <= len(given) else ""
        written(Seat(registration=registration, position=position, name=name))


def make_crowd(event: Event, count: int, *, start: int = 0) -> None:
    """Write `count` confirmed registrations of one seat, counters included, in a handful of statements."""
    now, ticket = timezone.now(), event.tickets.all()[0]
    rows = Registration.objects.bulk_create(
        Registration(
            event=event,
            ticket=ticket,
            name=f"Dominique Essai {number}",
            email=f"foule{number}@cantine.example",
            state=Registration.State.CONFIRMED,
            created_at=now,
            confirmed_at=now,
        )
        for number in range(start, start + count)
    )
    Seat.objects.bulk_create(Seat(registration=row, position=1, name=row.name) for row in rows)
    for each in (event, ticket):
        each.seats_taken += count
        each.save(update_fields=["seats_taken"])
