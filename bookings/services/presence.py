"""Noting who has arrived."""

from datetime import datetime

from bookings.errors import NotActive, NotToday
from bookings.models import Booking, Presence
from members.models import User
from members.transactions import own_transaction


@own_transaction
def arrive(*, booking: Booking, by: User, now: datetime) -> Presence:
    """Note that the person of a booking has come, on its local day; noting it twice keeps the first time."""
    found = (
        Booking.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=booking.pk)
    )
    if found.state != Booking.State.CONFIRMED:
        raise NotActive
    zone = found.site.zone
    local = found.period.local(zone)
    if not local.start.date() <= now.astimezone(zone).date() <= local.end.date():
        raise NotToday
    presence, _made = Presence.objects.get_or_create(booking=found, defaults={"arrived_at": now, "by": by})
    return presence


@own_transaction
def undo(*, booking: Booking, by: User, now: datetime) -> None:
    """Take back an arrival that was noted by mistake."""
    Presence.objects.filter(booking=booking).delete()
