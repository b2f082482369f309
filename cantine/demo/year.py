"""A year of bookings, made day by day through the same use cases as everyone's."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from billing.settlement.services import take_at_desk

from billing.models import Customer
from bookings.models import Booking, Site, Space
from bookings.period import Period, at
from bookings.services import booking, freeing, presence
from cantine.demo.people import Cast
from members.errors import Refused
from members.models import User

MORNING = (time(9), time(13))
AFTERNOON = (time(13), time(18))
DAY = (time(9), time(18))
CLOSED_WEEKDAYS = frozenset({5, 6})
PAST_DAYS = 365
COMING_DAYS = 14


@dataclass(frozen=True)
class Rhythm:
    """How busy a site is: desks taken on a day a year ago, and today; rooms a day."""

    before: float
    today: float
    rooms: float


RHYTHMS = {
    "rouen": Rhythm(before=0.4, today=6, rooms=0.3),
    "le-havre": Rhythm(before=0.1, today=0.8, rooms=0.08),
    "caen": Rhythm(before=0.1, today=0.6, rooms=0.06),
}


@dataclass
class Year:
    """Writes the bookings of the demonstration; `now` is the instant it is told from."""

    sites: list[Site]
    cast: Cast
    now: datetime
    chance: random.Random

    def write(self) -> int:
        """Write every booking, in the order of time so that documents keep theirs; return how many."""
        return sum(self._write_day(day) for day in self._days())

    def _days(self) -> Iterator[date]:
        today = self.now.astimezone(self.sites[0].zone).date()
        for offset in range(-PAST_DAYS, COMING_DAYS + 1):
            day = today + timedelta(days=offset)
            if day.weekday() not in CLOSED_WEEKDAYS:
                yield day

    def _write_day(self, day: date) -> int:
        return sum(self._write_site_day(site, day) for site in self.sites)

    def _write_site_day(self, site: Site, day: date) -> int:
        rhythm, start = RHYTHMS[site.code], at(day, time(0), site.zone)
        age = max(0.0, (self.now - start) / timedelta(days=PAST_DAYS))
        # A place fills slowly, then faster.
        desks = rhythm.before + (rhythm.today - rhythm.before) * max(0.0, 1 - age) ** 3
        if start > self.now:
            desks *= max(0.25, 1 - (start - self.now) / timedelta(days=COMING_DAYS + 4))
        elif start + timedelta(days=1) > self.now:
            desks *= 1.8
        moment = min(self.now, start - timedelta(hours=14))
        written = 0
        for _each in range(self._round(desks)):
            written += self._desk(site, day, moment)
        for _each in range(self._round(rhythm.rooms)):
            written += self._room(site, day, moment)
        return written

    def _round(self, amount: float) -> int:
        """Round up or down so that the mean is `amount`."""
        return int(amount) + (self.chance.random() < amount % 1)

    def _desk(self, site: Site, day: date, moment: datetime) -> int:
        opens, closes = self.chance.choices((MORNING, AFTERNOON, DAY), weights=(4, 2, 4))[0]
        customer, by = self._payer(one_in=9)
        period = Period(at(day, opens, site.zone), at(day, closes, site.zone))
        try:
            made = booking.book_any(
                site=site,
                kind=Space.Kind.DESK,
                period=period,
                customer=customer,
                by=by,
                now=moment,
                on_terms=customer.has_terms,
            )
        except Refused:
            return 0
        return self._follow(made, moment)

    def _room(self, site: Site, day: date, moment: datetime) -> int:
        room = self.chance.choice(self._rooms(site))
        hour, length = self.chance.randint(9, 15), self.chance.choice((1, 2, 2, 3))
        customer, by = self._payer(one_in=2)
        period = Period(at(day, time(hour), site.zone), at(day, time(hour + length), site.zone))
        try:
            made = booking.book_space(
                space=room, period=period, customer=customer, by=by, now=moment, on_terms=customer.has_terms
            )
        except Refused:
            return 0
        return self._follow(made, moment)

    def _rooms(self, site: Site) -> list[Space]:
        return list(site.spaces.filter(kind__in=[Space.Kind.ROOM, Space.Kind.BOOTH]).order_by("code"))

    def _payer(self, *, one_in: int) -> tuple[Customer, User]:
        """Choose who pays, an organisation on invoice one time in `one_in`, and the person who books."""
        if self.chance.randrange(one_in) == 0:
            customer = self.chance.choice(self.cast.on_terms)
            return customer, self.cast.manager
        customer = self.chance.choice(self.cast.customers)
        return customer, customer.user or self.cast.manager

    def _follow(self, made: Booking, moment: datetime) -> int:
        """What became of it: paid at the desk, cancelled by one in thirty, and the person came."""
        if made.state == Booking.State.HELD and made.line:
            method = self.chance.choice(("terminal", "terminal", "cash"))
            take_at_desk(order=made.line.order, method=method, by=self.cast.manager, now=moment)
        made.refresh_from_db()
        if self.chance.random() < 1 / 30:
            freeing.cancel_booking(booking=made, by=self.cast.manager, now=moment + timedelta(minutes=5))
        elif made.period.start < self.now and self.chance.random() < 0.9:
            presence.arrive(booking=made, by=self.cast.manager, now=made.period.start)
        return 1
