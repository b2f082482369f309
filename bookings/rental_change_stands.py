"""What a change asks for against what stands: what is left to do of it, and the hours it would give."""

from datetime import tzinfo
from typing import Any

from bookings.errors import BookingRefused
from bookings.models import RentalChange, RentalQuote
from bookings.period import Period
from bookings.rental_hours import typed_period
from bookings.stay import Stay, party_of


def left_to_do(change: RentalChange, rental: RentalQuote, stay: Stay) -> RentalChange:
    """The part of a change that does not stand yet, as a change that is not kept; its words are no part."""
    local, party = stay.period.local(rental.request.site.zone), party_of(rental)
    hours = (local.start.time(), local.end.time())
    stands: dict[str, Any] = {"day": local.start.date(), "people": party.people, "layout": party.layout}
    left = {name: getattr(change, name) for name in stands}
    rest = RentalChange(**{name: value for name, value in left.items() if value != stands[name]})
    if (change.starts, change.ends) != hours:
        rest.starts, rest.ends = change.starts, change.ends
    return rest


def period_asked(change: RentalChange, stands: Period, zone: tzinfo) -> Period:
    """The time a change asks for, by the clocks of the site; what stands where it asks for none."""
    local = stands.local(zone)
    if change.day is None and change.starts is None:
        return stands
    day, starts, ends = change.day, change.starts, change.ends
    try:
        return typed_period(
            day or local.start.date(), starts or local.start.time(), ends or local.end.time(), zone
        )
    except BookingRefused:
        return stands
