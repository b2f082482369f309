"""A year of bookings, made day by day through the same use cases as everyone's."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from billing.models import Customer, Order, Payment, Refund
from billing.payments.refunds import repay_at_desk
from billing.settlement.services import choose_desk, take_at_desk
from bookings.models import Booking, Site, Space
from bookings.period import Period, at
from bookings.services import booking, freeing, presence
from cantine.demo.cards import give_back, pay_online
from cantine.demo.diary import Diary
from cantine.demo.people import Cast
from cantine.demo.rhythm import RHYTHMS, busy
from members.errors import Refused
from members.models import User

MORNING = (time(9), time(13))
AFTERNOON = (time(13), time(18))
DAY = (time(9), time(18))
CLOSED_WEEKDAYS = frozenset({5, 6})
PAST_DAYS = 365
COMING_DAYS = 14
HABIT_DAYS, HABIT_DESK = frozenset({1, 3}), "poste-07"
TERMS_KEPT = timedelta(days=26)
RECENT = timedelta(days=4)
BEFORE = timedelta(hours=14)
"""How long before they come people book."""


@dataclass
class Year:
    """Writes the bookings of the demonstration; `now` is the instant it is told from."""

    sites: list[Site]
    cast: Cast
    now: datetime
    chance: random.Random
    tell: Callable[[str], object]
    diary: Diary
    on_terms: list[tuple[datetime, Order]] = field(default_factory=list)

    def write(self) -> int:
        """Write every booking, in the order of time so that documents keep theirs; return how many."""
        written = 0
        for month, days in groupby(self._days(), key=lambda day: f"{day:%Y-%m}"):
            written += sum(self._write_day(day) for day in days)
            self.tell(f"demonstration: {month} written, {written} bookings")
        self.diary.live_until(self.now)
        return written

    def _days(self) -> Iterator[date]:
        today = self.now.astimezone(self.sites[0].zone).date()
        for offset in range(-PAST_DAYS, COMING_DAYS + 1):
            day = today + timedelta(days=offset)
            if day.weekday() not in CLOSED_WEEKDAYS:
                yield day

    def _write_day(self, day: date) -> int:
        self._receive_transfers(at(day, time(8), self.sites[0].zone))
        self.diary.live_until(at(day, time(0), self.sites[0].zone) - BEFORE)
        return self._habit(day) + sum(self._write_site_day(site, day) for site in self.sites)

    def _receive_transfers(self, moment: datetime) -> None:
        """Organisations pay their invoices within the terms, all but one in twelve."""
        due = [pair for pair in self.on_terms if pair[0] <= min(moment, self.now)]
        self.on_terms = [pair for pair in self.on_terms if pair not in due]
        for when, order in due:
            if self.chance.randrange(12):
                self._receive_transfer(order, when)

    def _receive_transfer(self, order: Order, when: datetime) -> None:
        with suppress(Refused):  # a booking that was cancelled owes nothing
            take_at_desk(order=order, method=Payment.Method.TRANSFER, by=self.cast.manager, now=when)

    def _habit(self, day: date) -> int:
        """The demonstration's coworker comes to the same desk, two mornings a week, since the summer."""
        rouen = self.sites[0]
        start = at(day, MORNING[0], rouen.zone)
        if day.weekday() not in HABIT_DAYS or start < self.now - timedelta(days=100):
            return 0
        desk = rouen.spaces.get(code=HABIT_DESK)
        period = Period(start, at(day, MORNING[1], rouen.zone))
        return self._book(desk, period, self.cast.customers[0], self.cast.coworker)

    def _write_site_day(self, site: Site, day: date) -> int:
        rhythm, start = RHYTHMS[site.code], at(day, time(0), site.zone)
        age = max(0.0, (self.now - start) / timedelta(days=PAST_DAYS))
        desks = rhythm.desks(age) * busy(day)
        if start > self.now:
            desks *= max(0.25, 1 - (start - self.now) / timedelta(days=COMING_DAYS + 4))
        elif start + timedelta(days=1) > self.now:
            desks *= 1.8
        moment = min(self.now, start - BEFORE)
        written = 0
        for _each in range(self._round(desks)):
            written += self._desk(site, day, moment)
        for _each in range(self._round(rhythm.rooms * (4 if start + timedelta(days=1) > self.now else 1))):
            written += self._room(site, day)
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

    def _room(self, site: Site, day: date) -> int:
        room = self.chance.choice(self._rooms(site))
        hour, length = self.chance.randint(9, 15), self.chance.choice((1, 2, 2, 3))
        customer, by = self._payer(one_in=2)
        period = Period(at(day, time(hour), site.zone), at(day, time(hour + length), site.zone))
        return self._book(room, period, customer, by)

    def _book(self, space: Space, period: Period, customer: Customer, by: User) -> int:
        moment = min(self.now, period.start - BEFORE)
        try:
            made = booking.book_space(
                space=space,
                period=period,
                customer=customer,
                by=by,
                now=moment,
                on_terms=customer.has_terms,
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
        customer = self.chance.choice(self.cast.customers[1:])  # the first has habits of their own
        return customer, customer.user or self.cast.manager

    def _may_pay_on_arrival(self, made: Booking) -> bool:
        """One coming booking in six is paid at the desk, where the site allows it; the login's are paid."""
        if made.customer_id == self.cast.customers[0].pk:
            return False
        return made.site.desk_payment and made.period.start > self.now and not self.chance.randrange(6)

    def _pay(self, made: Booking, method: str, moment: datetime) -> None:
        """Online or at the desk. What may still be cancelled was not paid online: Stripe knows none of it."""
        assert made.line is not None
        if method != "card":
            take_at_desk(order=made.line.order, method=method, by=self.cast.manager, now=moment)
        elif made.site == self.sites[0] and made.period.start < self.now:
            pay_online(made.line.order, moment)
        else:
            take_at_desk(order=made.line.order, method="terminal", by=self.cast.manager, now=moment)

    def _repay(self, made: Booking, moment: datetime) -> None:
        """What was paid online went back; at the desk too, but for what was called off these last days."""
        if made.line is None:
            return
        give_back(made.line.order, moment)
        if moment > self.now - RECENT:
            return
        for refund in Refund.objects.to_repay_at_desk().filter(payment__order=made.line.order_id):
            repay_at_desk(refund=refund, by=self.cast.manager, now=moment)

    def _follow(self, made: Booking, moment: datetime) -> int:
        """What became of it: paid at the desk, cancelled by one in thirty, and the person came."""
        if made.state == Booking.State.HELD and made.line:
            if self._may_pay_on_arrival(made):
                until = made.period.start + timedelta(hours=1)
                choose_desk(order=made.line.order, until=until, by=self.cast.manager, now=moment)
                return 1
            self._pay(made, self.chance.choice(("card", "terminal", "cash")), moment)
        elif made.line and made.customer and made.customer.has_terms:
            self.on_terms.append((moment + TERMS_KEPT, made.line.order))
        made.refresh_from_db()
        if self.chance.random() < 1 / 30:
            freeing.cancel_booking(booking=made, by=self.cast.manager, now=moment + timedelta(minutes=5))
            self._repay(made, moment + timedelta(minutes=6))
        elif made.period.start < self.now and self.chance.random() < 0.9:
            presence.arrive(booking=made, by=self.cast.manager, now=made.period.start)
        return 1
