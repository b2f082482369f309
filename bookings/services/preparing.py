"""Noting which rooms are ready."""

from datetime import datetime

from django.db import transaction

from bookings.errors import NotActive
from bookings.models import Booking, Preparation
from members.models import User


@transaction.atomic(durable=True)
def make_ready(*, booking: Booking, by: User, now: datetime) -> Preparation:
    """Note that the room of a booking is ready; noting it twice keeps the first time.

    Raises `NotActive`, and writes nothing, when the booking no longer holds its room.
    """
    found = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if not found.is_active:
        raise NotActive
    ready, _made = Preparation.objects.get_or_create(booking=found, defaults={"ready_at": now, "by": by})
    return ready
