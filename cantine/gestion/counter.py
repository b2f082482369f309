"""Booking for someone at the counter: what is free at what price, then the booking and how it is paid."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from billing.models import Customer
from billing.settlement.services import accept_on_terms, choose_desk, take_at_desk
from bookings.models import Booking, Site, Space
from bookings.period import Period, asked_at
from bookings.pricing import Price
from bookings.services import availability, rules
from bookings.services.booking import book_any, book_space
from cantine.gestion.forms import LATER, TERMS
from members.models import User

ANY = "libre"
FIRST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Offer:
    """A space that is free, and what this customer would pay."""

    space: Space
    price: Price | None


def period_of(data: dict[str, Any]) -> Period:
    """The period of a valid PlaceForm; raises a refusal when that half is closed or the hours are none."""
    site, day = data["site"], data["jour"]
    if data["sorte"] == Space.Kind.DESK:
        return availability.half_period(site=site, day=day, half=str(data["moment"]))
    start, end = (asked_at(day, time.fromisoformat(str(data[name])), site.zone) for name in ("de", "a"))
    return Period(start, end)


def offers(*, site: Site, kind: str, period: Period, customer: Customer, now: datetime) -> list[Offer]:
    """What is free, with the price for this customer: three queries whatever the number."""
    free = availability.free_spaces(site=site, kind=kind, period=period, now=now)
    day = period.local(site.zone).start.date()
    read = rules.load(site, day=day, customer=customer, now=now)
    found = []
    for space in free:
        if space.out_of_order_reason:
            continue
        found.append(Offer(space, read.price(space, period, read.opening_of(period, space))))
    return found


def book(
    *, site: Site, kind: str, space: Space | None, period: Period, customer: Customer, by: User, now: datetime
) -> Booking:
    """Book `space`, or any of its kind."""
    if space is None:
        return book_any(site=site, kind=kind, period=period, customer=customer, by=by, now=now)
    return book_space(space=space, period=period, customer=customer, by=by, now=now)


def settle(booking: Booking, *, means: str, by: User, now: datetime) -> None:
    """Have the booking paid: on invoice, later at the desk, or now by one of the desk's methods."""
    if booking.line is None or booking.state != Booking.State.HELD:
        return
    order = booking.line.order
    if means == TERMS:
        accept_on_terms(order=order, by=by, now=now)
    elif means == LATER:
        until = min(max(booking.period.start, now) + FIRST_HOUR, max(booking.period.end, now + FIRST_HOUR))
        choose_desk(order=order, until=until, by=by, now=now)
    else:
        take_at_desk(order=order, method=means, by=by, now=now)
