"""Taking a space for a purpose of another room of the house: events, options. No price, no order."""

from datetime import datetime

from bookings.errors import OutOfOrder
from bookings.models import Booking, Space
from bookings.period import Period
from bookings.services.expiring import expire_in_the_way
from bookings.services.occupying import free, occupy
from bookings.services.rules import atoms_of
from members.models import User
from members.transactions import require_transaction


def reserve(
    *,
    space: Space,
    period: Period,
    purpose: str,
    now: datetime,
    held_until: datetime | None = None,
    by: User | None = None,
    note: str = "",
) -> Booking:
    """Step: take `space` for `period`, sure unless `held_until` is given; raises `AlreadyTaken`.

    Opening hours and prices do not count: who asks decides. A closure's own bookings stand in the way as any.
    """
    require_transaction()
    if not space.is_active or space.out_of_order_reason:
        raise OutOfOrder
    expire_in_the_way(atoms_of(space), period, now=now)
    booking = Booking.objects.create(
        site=space.site,
        space=space,
        during=period.range,
        purpose=purpose,
        booked_by=by,
        state=Booking.State.HELD if held_until else Booking.State.CONFIRMED,
        held_until=held_until,
        note=note,
        created_at=now,
        confirmed_at=None if held_until else now,
    )
    occupy(booking)
    return booking


def confirm(booking: Booking, *, now: datetime) -> None:
    """Step: what was held is sure; the booking is locked by the caller."""
    require_transaction()
    if booking.state != Booking.State.HELD:
        return
    booking.state, booking.held_until, booking.confirmed_at = Booking.State.CONFIRMED, None, now
    booking.save(update_fields=["state", "held_until", "confirmed_at"])


def release(booking: Booking, *, now: datetime) -> None:
    """Step: let a booking of this sort go; it is locked by the caller."""
    require_transaction()
    if not booking.is_active:
        return
    booking.state, booking.cancelled_at, booking.held_until = Booking.State.CANCELLED, now, None
    booking.sequence += 1
    booking.save(update_fields=["state", "cancelled_at", "held_until", "sequence"])
    free(booking)
