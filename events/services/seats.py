"""Seats, counted under the event's lock: the one place where `seats_taken` changes.

Locks: customer → orders by id → event → registrations by id. The event comes before its registrations,
because freeing a seat serves others of its waiting list.
"""

from collections.abc import Sequence

from django.db.models import F, Q

from events.errors import Full
from events.models import Event, Registration, Seat, TicketType
from members.transactions import require_transaction


def lock_event(event: Event) -> Event:
    """Step: take an event's lock and read it anew."""
    require_transaction()
    rows = Event.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("site__seller", "category", "space").get(pk=event.pk)


def lock_registration(registration: Registration) -> Registration:
    """Step: take a registration's lock, after its event's, and read it anew."""
    require_transaction()
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "event__site__seller", "event__space", "ticket", "customer", "line__order"
    ).get(pk=registration.pk)


def fits(event: Event, ticket: TicketType, seats: int) -> bool:
    """Whether so many seats are left, of the event and of the ticket, as they were read."""
    return all(left is None or left >= seats for left in (event.seats_left, ticket.seats_left))


def take_seats(event: Event, ticket: TicketType, seats: int) -> None:
    """Step: count seats as taken, or raise `Full`; the event is locked by the caller.

    Each count is a filtered update under a CHECK: what the caller read before is not trusted.
    """
    require_transaction()
    room = Q(capacity=None) | Q(seats_taken__lte=F("capacity") - seats)
    quota = Q(quota=None) | Q(seats_taken__lte=F("quota") - seats)
    taken = {"seats_taken": F("seats_taken") + seats}
    if not Event.objects.filter(room, pk=event.pk).update(**taken):
        raise Full
    if not TicketType.objects.filter(quota, pk=ticket.pk).update(**taken):
        raise Full
    event.seats_taken += seats
    ticket.seats_taken += seats


def free_seats(registration: Registration) -> None:
    """Step: count a registration's seats as free again; the event is locked by the caller."""
    require_transaction()
    freed = {"seats_taken": F("seats_taken") - registration.seats}
    Event.objects.filter(pk=registration.event_id).update(**freed)
    TicketType.objects.filter(pk=registration.ticket_id).update(**freed)


def write_places(registration: Registration, names: Sequence[str]) -> None:
    """Step: write one seat a place, with the names that were given; the first is who registered."""
    require_transaction()
    given = [registration.name, *names]
    Seat.objects.bulk_create(
        Seat(
            registration=registration, position=number, name=given[number - 1] if number <= len(given) else ""
        )
        for number in range(1, registration.seats + 1)
    )
