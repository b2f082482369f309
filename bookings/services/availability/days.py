"""The desks page: a day's half, who sits where, and how full the days around are. Two queries in all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from billing.models import Customer
from bookings.models import Booking, Site, Space
from bookings.opening import DAY, HALVES, MORNING, Opening
from bookings.period import Period
from bookings.policy import closed_day, closed_then
from bookings.pricing import Price
from bookings.services import rules as reading
from bookings.services.availability.off import day_off
from bookings.services.availability.reading import DayRead, desk_time, read_day, wholes_of
from bookings.services.availability.taken import Taken, by_atom, features_of, over
from bookings.services.rules import Person, Rules
from bookings.services.shown import DayGauge, DayPlan, HalfChoice, SpaceState, State

STRIP_DAYS = 7


def day_plan(
    *,
    site: Site,
    day: date,
    half: str = MORNING,
    user: Person,
    now: datetime,
    customer: Customer | None = None,
    strip_from: date | None = None,
    strip_days: int = STRIP_DAYS,
) -> DayPlan:
    """Everything the desks page shows of `day`'s half ("morning", "afternoon" or "day"), for this person.

    Prices are those of `customer`, where someone else pays.
    The strip begins on `strip_from`, the Monday of that week where it is not given.
    """
    rules = reading.load(site, day=day, user=user, customer=customer, habits=True)
    first = strip_from or day - timedelta(days=day.weekday())
    return plan_of(
        read_day(rules, day=day, half=half, user=user, now=now, strip_from=first, strip_days=strip_days)
    )


def plan_of(read: DayRead) -> DayPlan:
    """Put the plan of a day together; nothing is read."""
    rules, day, now, site = read.rules, read.day, read.now, read.site
    opening = rules.opening(day)
    period = opening.half(read.half)
    spaces = read.premises.listed(site)
    off = day_off(rules=rules, day=day, now=now, is_open=opening.is_open, reason=opening.reason)
    view = _View(rules, opening, period, by_atom(read.taken), now, is_off=off is not None)
    states = [view.state_of(space) for space in spaces]
    desks = [space for space in spaces if space.is_desk]
    return DayPlan(
        site=site,
        day=day,
        half=read.half,
        period=period.local(site.zone) if period else None,
        spaces=states,
        free_count=sum(state.is_free and state.space.is_desk for state in states),
        halves=[_choice(name, rules, opening, chosen=name == read.half) for name in HALVES],
        strip=_gauges(rules, read.strip, read.used, len(desks), chosen=day, now=now),
        reason=opening.reason,
        price=rules.price_of_kind(Space.Kind.DESK, period, opening) if period else None,
        usual=next((state for state in states if state.is_usual), None),
        previous_day=_nearest_open(rules, day, -1, read.strip[0], now),
        next_day=_nearest_open(rules, day, 1, read.strip[-1], now),
        is_member=rules.is_member,
        off=off,
    )


def half_period(*, site: Site, day: date, half: str) -> Period:
    """The period (UTC) of a day's half at a site; raises `Closed` where there is none. One query."""
    rules = reading.of_site(site)
    opening = rules.opening(day)
    period = opening.half(half)
    if period is None:
        raise (
            closed_then(opening, site.zone) if opening.is_open else closed_day(opening, rules.next_open(day))
        )
    return period


def day_to_come(site: Site, now: datetime) -> date:
    """The day one may still come (local): today until closing time, else the next open one.

    Today as well where nothing is open in the days ahead. No query but that of the premises.
    """
    rules = reading.of_site(site)
    today = now.astimezone(site.zone).date()
    whole = rules.opening(today).half(DAY)
    if whole is not None and now < whole.end:
        return today
    return rules.next_open(today) or today


def _choice(name: str, rules: Rules, opening: Opening, *, chosen: bool) -> HalfChoice:
    period = opening.half(name)
    if period is None:
        return HalfChoice(name, None, is_chosen=chosen)
    price = rules.price_of_kind(Space.Kind.DESK, period, opening)
    return HalfChoice(name, period.local(rules.site.zone), price, chosen)


@dataclass(frozen=True)
class _View:
    """One half of one day as one person sees it."""

    rules: Rules
    opening: Opening
    period: Period | None
    taken: Mapping[int, list[Taken]]
    now: datetime
    is_off: bool = False

    def state_of(self, space: Space) -> SpaceState:
        """Say everything the page shows of a space."""
        labels, codes = features_of(space)
        in_the_way = over(space, self.period, self.taken) if self.period else []
        mine = next((row for row in in_the_way if row.is_mine), None)
        return SpaceState(
            space=space,
            state=self.word_for(space, in_the_way),
            features=labels,
            feature_codes=codes,
            note=", ".join(labels),
            price=self._price(space),
            reference=mine.reference if mine else "",
            is_usual=space.pk == self.rules.usual_id,
        )

    def _price(self, space: Space) -> Price | None:
        if self.period is None or not space.is_desk:
            return None
        return self.rules.price(space, self.period, self.opening)

    def word_for(self, space: Space, in_the_way: Sequence[Taken]) -> State:
        """One word for a space: what is mine and what is taken is said even once it is over."""
        if any(row.is_mine for row in in_the_way):
            return "mine"
        if space.out_of_order_reason or any(row.purpose == Booking.Purpose.CLOSURE for row in in_the_way):
            return "out"
        if in_the_way:
            return "taken"
        own = self.rules.opening(self.opening.day, space)
        if self.period is None or (space.is_desk and own.half_of(self.period) is None):
            return "closed"
        if self.period.end <= self.now:
            return "past"
        return "closed" if self.is_off else "free"


def strip(
    *, site: Site, first: date, days: int = STRIP_DAYS, now: datetime, chosen: date | None = None
) -> list[DayGauge]:
    """How full the desks are, day by day; three queries."""
    rules = reading.of_site(site)
    total = len(rules.premises.listed(site, kinds=[Space.Kind.DESK]))
    shown = [first + timedelta(days=offset) for offset in range(days)]
    used = desk_time(site, wholes_of(rules, shown, now), now)
    return _gauges(rules, shown, used, total, chosen=chosen, now=now)


def _gauges(
    rules: Rules,
    days: Sequence[date],
    used: Iterable[tuple[date, float, int]],
    total: int,
    *,
    chosen: date | None,
    now: datetime,
) -> list[DayGauge]:
    today = now.astimezone(rules.site.zone).date()
    last = today + timedelta(days=rules.site.horizon_days)
    wholes, by_day = wholes_of(rules, days, now), {day: (seconds, desks) for day, seconds, desks in used}
    found = []
    for day in days:
        whole = wholes.get(day)
        seconds, desks = by_day.get(day, (0.0, 0))
        room = total * whole.length.total_seconds() if whole else 0
        found.append(
            DayGauge(
                day=day,
                is_open=whole is not None,
                fullness=min(1.0, seconds / room) if room else 0.0,
                free=total - desks if whole else 0,
                total=total,
                reason=_why(rules.opening(day), day, today, last),
                is_today=day == today,
                is_chosen=day == chosen,
            )
        )
    return found


def _why(opening: Opening, day: date, today: date, last: date) -> str:
    """Why a day of the strip cannot be booked, when there is more to say than "closed"."""
    if day < today:
        return _("passé")
    return opening.reason or (_("pas encore réservable") if day > last else "")


def _nearest_open(rules: Rules, day: date, step: int, end: date, now: datetime) -> date | None:
    """The next open day in one direction, within what was read; beyond it simply the next one."""
    today = now.astimezone(rules.site.zone).date()
    other = day + timedelta(days=step)
    while (other - end).days * step <= 0 and not rules.opening(other).is_open:
        other += timedelta(days=step)
    far = today + timedelta(days=rules.site.horizon_days)
    return other if today <= other <= far else None
