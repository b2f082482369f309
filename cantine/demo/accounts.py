"""A month of desks and rooms of one organisation of the demonstration, on one order and one invoice.

Written in few statements, where a booking at a time would take minutes; priced, numbered and chained by the
same steps as everyone's.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from billing.documents.services import issue_invoice
from billing.models import Customer, Order, OrderLine, Payment
from billing.orders.agreeing import note_terms
from billing.orders.services import NewLine, open_order
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Occupancy, Presence, Site, Space
from bookings.period import Period, at
from bookings.services import rules
from bookings.services.booking import line_for
from bookings.services.rules import Rules, atoms_of
from members.errors import Refused
from members.models import User
from members.transactions import own_transaction

UNPAID, ABSENT = 12, 12
"""One invoice in so many is left unpaid, one person in so many does not come."""


@dataclass(frozen=True)
class Wish:
    """A space, a day and who comes: for a half-day or the day, or from one hour to another."""

    space: Space
    day: date
    user: User
    half: str = ""
    hours: tuple[time, time] | None = None


@dataclass(frozen=True)
class Place:
    """A wish that can be had, with its line."""

    wish: Wish
    period: Period
    line: NewLine


@own_transaction
def order_month(
    site: Site, customer: Customer, wishes: Sequence[Wish], *, by: User, now: datetime, until: datetime
) -> Order | None:
    """Book on invoice what is open and free; who came by `until` is noted, by `by`."""
    if not wishes:
        return None
    read = rules.load(site, day=min(wish.day for wish in wishes), customer=customer, now=now)
    places = list(_places(read, customer, wishes))
    if not places:
        return None
    order, lines = _accepted(read, customer, places, now=now)
    issue_invoice(order, lines, None, now=now)
    _occupy(read, customer, places, lines, now=now)
    _note_presences(lines, by=by, until=until)
    return order


def pay(order: Order, by: User, now: datetime) -> None:
    """Receive its transfer, but for one in so many."""
    if order.pk % UNPAID:
        with suppress(Refused):
            take_at_desk(order=order, method=Payment.Method.TRANSFER, by=by, now=now)


def _places(read: Rules, customer: Customer, wishes: Sequence[Wish]) -> Iterator[Place]:
    taken = _taken(wishes, read.site)
    for wish in wishes:
        space = read.premises.space(read.site.pk, wish.space.pk)
        period = _period(read, wish)
        if space is None or period is None:
            continue
        if any(period.overlaps(other) for atom in atoms_of(space) for other in taken.get(atom, [])):
            continue
        for atom in atoms_of(space):
            taken.setdefault(atom, []).append(period)
        opening = read.opening(wish.day, space)
        price = read.price(space, period, opening)
        if price is not None:
            product = read.premises.products[price.product_id]
            line = line_for(
                space, period, price, product=product, day=wish.day, customer=customer, by=wish.user
            )
            yield Place(wish, period, line)


def _taken(wishes: Sequence[Wish], site: Site) -> dict[int, list[Period]]:
    """What others hold of these spaces over those days, by atom."""
    first, last = min(wish.day for wish in wishes), max(wish.day for wish in wishes)
    span = Period(at(first, time(), site.zone), at(last + timedelta(days=1), time(), site.zone))
    rows = Occupancy.objects.overlapping(span.range).filter(atom__site=site)
    found: dict[int, list[Period]] = {}
    for atom, during in rows.values_list("atom", "during"):
        found.setdefault(atom, []).append(Period.of(during))
    return found


def _period(read: Rules, wish: Wish) -> Period | None:
    opening = read.opening(wish.day, wish.space)
    if wish.hours is None:
        return opening.half(wish.half)
    start, end = (at(wish.day, hour, read.zone) for hour in wish.hours)
    period = Period(start, end)
    return period if opening.allows(period) else None


def _accepted(
    read: Rules, customer: Customer, places: Sequence[Place], *, now: datetime
) -> tuple[Order, list[OrderLine]]:
    """Step: the order of them all, accepted on terms."""
    lines = open_order(
        customer=customer,
        seller=read.site.seller,
        site_code=read.site.code,
        lines=[place.line for place in places],
        by=places[0].wish.user,
        expires_at=None,
        now=now,
    )
    order = lines[0].order
    order.lines.update(state=OrderLine.State.FULFILLED)
    order.state, order.means, order.accepted_at = Order.State.ACCEPTED, Order.Means.TERMS, now
    note_terms(order, now=now)
    order.save()
    return order, lines


def _occupy(
    read: Rules, customer: Customer, places: Sequence[Place], lines: Sequence[OrderLine], *, now: datetime
) -> None:
    made = Booking.objects.bulk_create(
        Booking(
            site=read.site,
            space=place.wish.space,
            during=place.period.range,
            customer=customer,
            booked_by=place.wish.user,
            line=line,
            state=Booking.State.CONFIRMED,
            created_at=now,
            confirmed_at=now,
        )
        for place, line in zip(places, lines, strict=True)
    )
    Occupancy.objects.bulk_create(
        Occupancy(booking=booking, atom_id=atom, during=booking.during)
        for booking in made
        for atom in atoms_of(booking.space)
    )


def _note_presences(lines: Sequence[OrderLine], *, by: User, until: datetime) -> None:
    chance = random.Random(lines[0].order_id)  # noqa: S311 - nothing secret
    came = [
        booking
        for booking in Booking.objects.filter(line__in=lines, during__startswith__lte=until).order_by("pk")
        if chance.randrange(ABSENT)
    ]
    Presence.objects.bulk_create(
        Presence(booking=booking, arrived_at=booking.period.start, by=by) for booking in came
    )
