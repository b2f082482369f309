"""The room an event takes, by a booking: held from submitting, sure from publishing, setting up included."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.errors import AlreadyTaken
from bookings.models import Booking, Space
from bookings.period import Period
from bookings.services import availability, reserving
from bookings.services.expiring import expire_in_the_way
from bookings.services.rules import atoms_of
from events.errors import RoomTaken
from events.models import Event, EventRoom
from members.transactions import require_transaction


def clear_the_way(space: Space | None, period: Period, *, now: datetime) -> None:
    """Step: end the holds on a room whose time is up, before the event is locked: orders come first."""
    if space is not None:
        expire_in_the_way(atoms_of(space), period, now=now)


def take_room(event: Event, *, sure: bool, now: datetime) -> None:
    """Step: take the event's room for its time, setting up and clearing included, or raise `RoomTaken`.

    What it had taken for another time or in another room is let go first; elsewhere and online take nothing.
    A room that is not sure is held until the event begins.
    """
    require_transaction()
    had = rooms_of(event)
    wanted = event.space if event.where == Event.Where.ROOM else None
    for booking in had:
        if wanted is None or booking.space_id != wanted.pk or booking.period.utc != event.taken_period.utc:
            reserving.release(booking, now=now)
        elif sure:
            reserving.confirm(booking, now=now)
    kept = [booking for booking in had if booking.is_active]
    if wanted is None or kept:
        return
    EventRoom.objects.create(event=event, booking=_reserve(event, wanted, sure=sure, now=now))


def _reserve(event: Event, room: Space, *, sure: bool, now: datetime) -> Booking:
    try:
        return reserving.reserve(
            space=room,
            period=event.taken_period,
            purpose=Booking.Purpose.EVENT,
            held_until=None if sure else event.starts_at,
            note=event.title[:200],
            now=now,
        )
    except AlreadyTaken:
        free = availability.alternatives(space=room, period=event.taken_period, now=now)
        if not free:
            raise RoomTaken from None
        said = {"rooms": ", ".join(each.label for each in free)}
        raise RoomTaken(instead=_("Libres à ces heures\u00a0: %(rooms)s.") % said) from None


def release_room(event: Event, *, now: datetime) -> None:
    """Step: let go of every room the event has taken."""
    for booking in rooms_of(event):
        reserving.release(booking, now=now)


def rooms_of(event: Event) -> list[Booking]:
    """Step: lock the bookings by which the event holds rooms, in the order of their ids."""
    require_transaction()
    mine = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("space")
    return list(mine.active().filter(event_room__event=event).order_by("pk"))


class EventRooms:
    """What becomes of an event's room (bookings/purposes.py)."""

    def expired(self, booking: Booking, *, now: datetime) -> None:
        """Step: the event began without having been published; there is nothing to tell."""

    def displaced(self, booking: Booking, *, reason: str, now: datetime) -> bool:
        """Step: a closure wants the room; people were invited: the event is moved or cancelled first."""
        return False
