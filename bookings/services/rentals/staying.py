"""The day of a rental: whom its holder is to call, what is moved, what is told of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookings.access_sheet import contact_of
from bookings.errors import AlreadyTaken, OutOfOrder
from bookings.errors_ending import AnotherDay, NotUnderWay, StayOver
from bookings.errors_quote import DateTaken
from bookings.errors_rental import TooManyPeople
from bookings.models import Booking, RentalDay, RentalQuote, RentalRequest, RentalSpace, Space
from bookings.models.rental_quote import prepared
from bookings.models.rental_request import LINK_LASTS
from bookings.period import Period
from bookings.services.expiring import expire_in_the_way
from bookings.services.occupying import free, lock_for_moving, occupy
from bookings.services.rentals import options
from bookings.services.rentals.fitting import (
    misfits,
    refuse_what_does_not_fit,
    refuse_when_nobody_can_promise,
)
from bookings.services.rentals.quoting import lock_rental, lock_request
from bookings.services.rules import atoms_of
from bookings.stay import Party, Stay, party_of, stay_of
from members.nudging import nudge_once_committed
from members.transactions import own_transaction, require_transaction

TELLING = "bookings.tasks.remind_renters"
HAPPENS = (RentalRequest.State.WON, RentalRequest.State.DONE)
"""The states of a request whose rental takes place: its balance may be made before the day."""
AGREED = ("when", "where", "people", "layout")
"""What the quote already told."""


def facts_told(rental: RentalQuote, stay: Stay) -> dict[str, Any]:
    """What the holder is told again when it changes, as it is now: plain values, to be kept and compared."""
    contact, party = contact_of(rental), party_of(rental)
    return {
        "when": [each.isoformat() for each in (*_edges(stay.period), *_edges(stay.taken))],
        "where": [each.space_id for each in stay.bookings],
        "people": party.people,
        "layout": party.layout,
        "contact": [contact.name, contact.phone],
    }


def _edges(period: Period) -> tuple[datetime, datetime]:
    return period.utc.start, period.utc.end


def day_of(rental: RentalQuote) -> RentalDay:
    """Step: the row of the day, made the first time; the request is locked by the caller."""
    require_transaction()
    return RentalDay.objects.get_or_create(rental=rental)[0]


@own_transaction
def name_contact(*, rental: RentalQuote, name: str, phone: str) -> RentalDay:
    """Name who is to be reached on the day; both empty, it is the house. Raises `NotUnderWay`."""
    request = lock_request(rental.request)
    found = lock_rental(rental)
    if request.state not in HAPPENS or stay_of(found) is None:
        raise NotUnderWay
    day = day_of(found)
    day.contact_name, day.contact_phone = name, phone
    day.save(update_fields=["contact_name", "contact_phone"])
    return day


@own_transaction
def move_rental(
    *,
    rental: RentalQuote,
    period: Period,
    spaces: Mapping[int, Space],
    now: datetime,
    party: Party | None = None,
) -> RentalDay:
    """Move what a rental holds to other hours, rooms (`spaces` by the id of a booking) or another day.

    `party` says for how many it is and how it is set up, where that is no longer as it stands. Setting up
    and clearing go with it; the price is the quote's, more comes on the balance. What the holder is told of
    it is the scan's (`reminding.py`), which is nudged. Raises `NotUnderWay`, `StayOver`, `AnotherDay`,
    `DateTaken`, what `refuse_what_does_not_fit` says, or that nobody can promise such a day; nothing is
    written then.
    """
    taken = prepared(period, rental.setup_minutes, rental.clearing_minutes)
    for space in spaces.values():
        expire_in_the_way(atoms_of(space), taken, now=now)  # orders come before the request
    request = lock_request(rental.request)
    found = lock_rental(rental)
    bookings = options.bookings_of(found)
    stay = stay_of(found)
    if request.state not in HAPPENS or stay is None:
        raise NotUnderWay
    _check(stay, period, request, now=now)
    stood = party_of(found)
    if party is not None and party != stood:
        _refuse_misfit([spaces.get(each.pk, each.space) for each in stay.bookings], party)
    day, known = day_of(found), facts_told(found, stay)
    if not day.told:
        day.told_at = now
    day.told = {**{name: known[name] for name in AGREED}, **day.told}  # what was agreed is what they know
    day.moved_at = now
    day.people, day.layout = _otherwise(party or stood, request)
    day.save(update_fields=["told", "told_at", "moved_at", "people", "layout"])
    _keep_link_open(request, period)
    nudge_once_committed(TELLING)
    _move([each for each in bookings if each.state == Booking.State.CONFIRMED], taken, spaces)
    return day


def _check(stay: Stay, period: Period, request: RentalRequest, *, now: datetime) -> None:
    if now >= stay.period.end or period.end <= now:
        raise StayOver
    zone = request.site.zone
    if stay.period.local(zone).start.date() == period.local(zone).start.date():
        return
    if request.state == RentalRequest.State.DONE or now >= stay.period.start:
        raise AnotherDay  # the final invoice says the day
    refuse_when_nobody_can_promise(period, now)


def _refuse_misfit(rooms: list[Space], party: Party) -> None:
    """Rooms that are not offered take whom they are asked to; of several, one may be set up like that."""
    offered = RentalSpace.objects.filter(space__in=rooms).select_related("space").prefetch_related("layouts")
    rented = list(offered)
    if len(rented) == len(rooms) == 1:
        refuse_what_does_not_fit(rented[0], layout=party.layout, people=party.people)
    elif len(rented) == len(rooms):
        most = sum(each.most for each in rented)
        if party.people > most:
            raise TooManyPeople.whatever_the_layout(", ".join(each.label for each in rooms), most)
        if all(misfits(each, layout=party.layout, people=1) for each in rented):
            refuse_what_does_not_fit(rented[0], layout=party.layout, people=1)


def _otherwise(party: Party, request: RentalRequest) -> tuple[int | None, str | None]:
    """What of it is not as it was agreed."""
    return (
        None if party.people == request.people else party.people,
        None if party.layout == request.layout else party.layout,
    )


def _keep_link_open(request: RentalRequest, period: Period) -> None:
    """Step: the private link opens as long after another day."""
    request.link_until = max(request.link_until, period.utc.end + LINK_LASTS)
    request.save(update_fields=["link_until"])


def _move(bookings: list[Booking], taken: Period, spaces: Mapping[int, Space]) -> None:
    """Step: free what moves, then take its new place; rooms may change places with one another."""
    moving = [
        each
        for each in bookings
        if each.period.utc != taken.utc or spaces.get(each.pk, each.space).pk != each.space_id
    ]
    lock_for_moving(*(each.space for each in moving), *spaces.values())
    for booking in moving:
        free(booking)
    for booking in moving:
        _refuse_out_of_order(booking, spaces)
        booking.space = spaces.get(booking.pk, booking.space)
        booking.during = taken.range
        booking.sequence += 1
        booking.save(update_fields=["space", "during", "sequence"])
    try:
        for booking in sorted(moving, key=lambda each: each.space_id):
            occupy(booking)
    except AlreadyTaken:
        raise DateTaken from None


def _refuse_out_of_order(booking: Booking, spaces: Mapping[int, Space]) -> None:
    space = spaces.get(booking.pk, booking.space)
    if space.pk != booking.space_id and (not space.is_active or space.out_of_order_reason):
        raise OutOfOrder
