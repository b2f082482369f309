"""Holds whose time is up: by beat for options, on demand for whatever stands in someone's way."""

from datetime import datetime

from django.db import connection, transaction

from billing.models import Payment
from billing.settlement import expiry
from bookings import purposes
from bookings.models import Booking, Space
from bookings.period import Period
from bookings.services.occupying import free
from bookings.services.rules import atoms_of
from members.transactions import require_transaction

OVERDUE = """
SELECT DISTINCT booking_id FROM bookings_occupancy taken
JOIN bookings_booking booking ON booking.id = booking_id
WHERE taken.atom_id = ANY(%s) AND taken.during && %s::tstzrange AND state = 'held' AND held_until <= %s
"""


def expire(booking: Booking, *, now: datetime) -> None:
    """Step: end a hold, its row locked by the caller; nothing happens to what is no longer held."""
    require_transaction()
    if booking.state != Booking.State.HELD:
        return
    booking.state, booking.held_until = Booking.State.EXPIRED, None
    booking.save(update_fields=["state", "held_until"])
    free(booking)
    handler = purposes.handler_of(booking)
    if handler is not None:
        handler.expired(booking, now=now)


def expire_in_the_way(space: Space, period: Period, *, now: datetime) -> None:
    """Step: end the holds on `space` whose time is up, orders in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, [atoms_of(space), period.range, now])
        overdue = [booking for (booking,) in cursor.fetchall()]
    if not overdue:
        return
    held = Booking.objects.select_related("line__order").filter(pk__in=overdue)
    # An order whose payment is on its way keeps its place, as it does when beat comes round.
    held = held.exclude(line__order__payments__state=Payment.State.PROCESSING)
    for booking in held.order_by("line__order", "pk"):
        if booking.line is not None:
            expiry.expire_now(booking.line.order, now)
        else:
            expire(Booking.objects.select_for_update().get(pk=booking.pk), now=now)


@transaction.atomic(durable=True)
def expire_options(*, now: datetime, limit: int = 500) -> int:
    """End the options without an order whose time is up; says how many. Two at once share the work."""
    due = Booking.objects.overdue(now).filter(line=None).order_by("pk")
    options = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
    for booking in options:
        expire(booking, now=now)
    return len(options)
