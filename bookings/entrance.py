"""Who is told how to get in, and when."""

from datetime import datetime, time, timedelta

from bookings.models import Booking
from bookings.period import at


def may_enter(booking: Booking, now: datetime) -> bool:
    """Whether door code and Wi-Fi are shown: confirmed, from the day before to its end (site's time)."""
    if booking.state != Booking.State.CONFIRMED:
        return False
    zone = booking.site.zone
    day_before = booking.period.local(zone).start.date() - timedelta(days=1)
    return at(day_before, time(0), zone) <= now < booking.period.end
