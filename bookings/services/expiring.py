"""Holds whose time is up: by beat for options, on demand for whatever stands in someone's way."""

import sys
from datetime import datetime

from django.db import connection

from billing.models import Order
from billing.settlement import expiry
from bookings import purposes
from bookings.models import Booking, RentalOption
from bookings.period import Period
from bookings.services.occupying import free
from members.transactions import own_transaction, require_transaction

ADVANCE = ("rental_option__rental__quote__advance_order",)

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


def expire_in_the_way(atoms: list[int], period: Period, *, now: datetime) -> None:
    """Step: end the holds on these atoms whose time is up, orders in the order of their ids.

    Each is looked at again under its lock: it may have been prolonged, or paid, meanwhile.
    """
    overdue = _overdue(atoms, period, now)
    if not overdue:
        return
    held = Booking.objects.select_related("line__order", *ADVANCE).filter(pk__in=overdue)
    for booking in sorted(held, key=_in_order):
        order = order_of(booking)
        if order is not None:
            expiry.expire_if_due(order, now)
        elif (
            option := Booking.objects.overdue(now)
            .select_for_update(no_key=True)
            .filter(pk=booking.pk)
            .first()
        ):
            expire(option, now=now)


def order_of(booking: Booking) -> Order | None:
    """The order that a hold lives with: its own, or the advance of the quote whose option it is."""
    if booking.line is not None:
        return booking.line.order
    option = getattr(booking, "rental_option", None)
    return option.rental.quote.advance_order if option is not None else None


def _in_order(booking: Booking) -> tuple[int, int]:
    order = order_of(booking)
    return (order.pk if order is not None else sys.maxsize, booking.pk)


def is_overdue_in_the_way(atoms: list[int], period: Period, *, now: datetime) -> bool:
    """Whether a hold whose time is up still has one of these atoms."""
    return bool(_overdue(atoms, period, now))


def _overdue(atoms: list[int], period: Period, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, [atoms, period.range, now])
        return [booking for (booking,) in cursor.fetchall()]


@own_transaction
def expire_options(*, now: datetime, limit: int = 500) -> int:
    """End the options without an order whose time is up; says how many. Two at once share the work.

    The option of an accepted quote lives with its advance, whose payment may be on its way.
    """
    with_advance = RentalOption.objects.filter(rental__quote__advance_order__isnull=False)
    due = Booking.objects.overdue(now).filter(line=None).order_by("pk")
    due = due.exclude(pk__in=with_advance.filter(booking__isnull=False).values("booking"))
    options = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    for booking in options:
        expire(booking, now=now)
    return len(options)
