"""The first room that is free for so many people during so long."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from bookings.models import Site, Space
from bookings.opening import Opening
from bookings.period import QUARTER, Period, at
from bookings.services import rules as reading
from bookings.services.availability.taken import by_atom, features_of, over, taken_in
from bookings.services.rules import Person
from bookings.services.shown import Offer

SEARCHED_DAYS = 14
KINDS = (Space.Kind.ROOM, Space.Kind.BOOTH)


def first_free_room(
    *,
    site: Site,
    capacity: int,
    length: timedelta,
    user: Person,
    now: datetime,
    equipment: Collection[str] = (),
    day: date | None = None,
    kinds: Sequence[str] = KINDS,
) -> Offer | None:
    """The soonest free time for `capacity` people, from `day` or now on, in the smallest room that does."""
    zone = site.zone
    first = max(day or now.astimezone(zone).date(), now.astimezone(zone).date())
    days = [first + timedelta(days=offset) for offset in range(SEARCHED_DAYS)]
    rules = reading.load(site, day=days[0], user=user)
    shown = Period(at(days[0], time(0), zone), at(days[-1] + timedelta(days=2), time(0), zone))
    taken = by_atom(taken_in(shown, site=site, user=user, now=now))
    soonest = _next_quarter(now + timedelta(minutes=site.notice_minutes))
    wanted = frozenset(equipment)
    fitting = [
        space
        for space in rules.premises.listed(site, kinds=kinds)
        if space.capacity >= capacity and not space.out_of_order_reason and wanted <= features_of(space)[1]
    ]
    fitting.sort(key=lambda space: space.capacity)
    for each in days:
        offers = []
        for space in fitting:
            opening = rules.opening(each, space)
            blocked = [row.period for row in over(space, opening.whole, taken)] if opening.whole else []
            found = _first_gap(opening, blocked, length, soonest)
            if found:
                offers.append((found.start, space.capacity, space, found, opening))
        if offers:
            _start, _size, space, period, opening = min(offers, key=lambda offer: offer[:2])
            return Offer(space, period.local(zone), rules.price(space, period, opening))
    return None


def _first_gap(
    opening: Opening, blocked: Collection[Period], length: timedelta, soonest: datetime
) -> Period | None:
    """The first stretch of `length` that is open and not blocked, from a quarter-hour on."""
    for open_period in opening.periods:
        for gap in open_period.minus(blocked):
            start = max(_next_quarter(gap.start), soonest)
            if start + length <= gap.end:
                return Period(start, start + length)
    return None


def _next_quarter(when: datetime) -> datetime:
    """The quarter-hour at or after `when`."""
    over_it = timedelta(minutes=when.minute % 15, seconds=when.second, microseconds=when.microsecond)
    return when if not over_it else when - over_it + QUARTER
