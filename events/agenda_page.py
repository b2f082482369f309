"""What the agenda shows: what was asked for, the links that change it, the days and the month."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.models import Site
from events.models import Category, Event
from events.models.event_reading import EventQuerySet

TONIGHT, WEEK, PAST = "ce-soir", "cette-semaine", "passes"
EVENING, NIGHT = 17, 4
"""Tonight is what still runs after 17 h, until the small hours."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for; an unknown word asks for nothing."""

    when: str = ""
    category: str = ""
    site: str = ""
    free: str = ""

    def href(self, **changes: str) -> str:
        """The agenda with something else asked for."""
        said = replace(self, **changes)
        query = said.query
        address = reverse("events:agenda")
        return f"{address}?{query[:-1]}" if query else address

    @property
    def query(self) -> str:
        """What is asked for as parameters, with an & at the end; empty when nothing is."""
        pairs = {"quand": self.when, "categorie": self.category, "site": self.site, "prix": self.free}
        return "".join(f"{urlencode({name: value})}&" for name, value in pairs.items() if value)


@dataclass(frozen=True)
class Chip:
    """A filter as a link; once on, it leads back to where it is off."""

    text: str
    href: str
    is_on: bool = False


@dataclass(frozen=True)
class Day:
    """A day with its events."""

    day: date
    events: list[Event]
    is_today: bool


@dataclass(frozen=True)
class Cell:
    """A day of the month's grid."""

    day: date
    count: int
    is_in_month: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month as a grid of weeks."""

    first: date
    weeks: list[list[Cell]]
    before: date
    after: date

    @property
    def key(self) -> str:
        """As in its address: "2026-11"."""
        return f"{self.first:%Y-%m}"


def read(data: QueryDict, categories: Iterable[Category], sites: Iterable[Site]) -> Asked:
    """Read the filters of an address."""
    when, category, site = (data.get(name, "") for name in ("quand", "categorie", "site"))
    return Asked(
        when=when if when in {TONIGHT, WEEK, PAST} else "",
        category=category if category in {each.code for each in categories} else "",
        site=site if site in {each.code for each in sites} else "",
        free="gratuit" if data.get("prix") == "gratuit" else "",
    )


def chips(asked: Asked, categories: list[Category], sites: list[Site]) -> list[Chip]:
    """Every filter, the one that clears them first."""
    found = [Chip(_("Tous"), Asked().href(), asked == Asked())]
    for code, text in ((TONIGHT, _("Ce soir")), (WEEK, _("Cette semaine"))):
        found.append(Chip(text, asked.href(when="" if asked.when == code else code), asked.when == code))
    for each in categories:
        is_on = asked.category == each.code
        found.append(Chip(each.label_plural, asked.href(category="" if is_on else each.code), is_on))
    found.append(Chip(_("Gratuits"), asked.href(free="" if asked.free else "gratuit"), bool(asked.free)))
    if len(sites) > 1:
        for site in sites:
            is_on = asked.site == site.code
            found.append(Chip(site.name, asked.href(site="" if is_on else site.code), is_on))
    found.append(Chip(_("Passés"), asked.href(when="" if asked.when == PAST else PAST), asked.when == PAST))
    return found


def chosen(events: EventQuerySet, asked: Asked, now: datetime) -> EventQuerySet:
    """The events that were asked for, soonest first (past ones latest first)."""
    found = events.past(now) if asked.when == PAST else events.upcoming(now)
    if asked.when in {TONIGHT, WEEK}:
        start, end = tonight(now) if asked.when == TONIGHT else this_week(now)
        found = found.between(max(start, now), end)
    if asked.category:
        found = found.filter(category__code=asked.category)
    if asked.site:
        found = found.filter(site__code=asked.site)
    if asked.free:
        paid = Q(tickets__is_active=True, tickets__pricing="paid")
        unpaid = Q(tickets__is_active=True, tickets__pricing__in=["free", "open"])
        having = Event.objects.filter(unpaid).values("pk")
        found = found.filter(Q(pk__in=having) | ~Q(pk__in=Event.objects.filter(paid).values("pk")))
    return found


def tonight(now: datetime) -> tuple[datetime, datetime]:
    """This evening, until the small hours."""
    local = timezone.localtime(now)
    start = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return start, (start + timedelta(days=1)).replace(hour=NIGHT)


def this_week(now: datetime) -> tuple[datetime, datetime]:
    """From today until Sunday night."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=7 - start.weekday())


def by_day(events: Iterable[Event], now: datetime) -> list[Day]:
    """Group events by the day they begin on, by their site's clocks."""
    today = timezone.localdate(now)
    grouped = groupby(events, key=lambda event: event.local.start.date())
    return [Day(day, list(rows), day == today) for day, rows in grouped]


def month_of(events: EventQuerySet, first: date, now: datetime) -> Month:
    """A month's grid with how many events each day has, in one query."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    start, end = day_start(weeks[0][0]), day_start(weeks[-1][-1] + timedelta(days=1))
    counts: dict[date, int] = {}
    for starts_at in (
        events.on().filter(starts_at__gte=start, starts_at__lt=end).values_list("starts_at", flat=True)
    ):
        day = timezone.localdate(starts_at)
        counts[day] = counts.get(day, 0) + 1
    today = timezone.localdate(now)
    grid = [
        [Cell(day, counts.get(day, 0), day.month == first.month, day == today) for day in week]
        for week in weeks
    ]
    after = (first + timedelta(days=31)).replace(day=1)
    return Month(first, grid, (first - timedelta(days=1)).replace(day=1), after)


def day_start(day: date) -> datetime:
    """Midnight of a day, by the clocks of the place."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
