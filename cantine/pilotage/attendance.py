"""« Fréquentation »: everything the page says of some sites and months, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.models import Space
from cantine.pilotage.asked import Asked
from cantine.pilotage.figures import events, people, rentals
from cantine.pilotage.figures.events import Came, Held
from cantine.pilotage.figures.heat import HeatMap
from cantine.pilotage.figures.months import YEAR, between, last_day, month_of, shift
from cantine.pilotage.figures.occupancy import Hours, Rate, occupancy
from cantine.pilotage.figures.people import Count, Hosted
from cantine.pilotage.figures.rentals import Rentals

COHORTS = 8
"""How many quarters of first visits the page shows; the table for a spreadsheet has them all."""


@dataclass(frozen=True)
class Span:
    """From one day to another, both included."""

    first: date
    last: date

    @property
    def before(self) -> "Span":
        """The same a year before; what ends with a month still does."""
        month = shift(month_of(self.last), -YEAR)
        ends = last_day(month)
        whole = self.last == last_day(month_of(self.last))
        last = ends if whole else min(ends, month.replace(day=min(self.last.day, ends.day)))
        return Span(shift(self.first, -YEAR), last)


@dataclass(frozen=True)
class Month:
    """One month of the tables and charts, with the same a year before."""

    month: date
    hours: Hours
    desks: Hours
    rooms: Hours
    hours_before: Hours
    people: Count
    people_before: Count
    organisations: Count
    members: int
    events: Came
    events_before: Came
    volunteers: int

    @property
    def known(self) -> int:
        """People who had come before."""
        return self.people.number - self.people.new


@dataclass(frozen=True)
class Attendance:
    """What the page shows: the period, and the same a year before."""

    span: Span
    whole_rate: Rate
    heat: HeatMap
    hosted: Hosted
    hosted_before: Hosted
    held: Held
    held_before: Held
    rentals: Rentals
    rentals_before: Rentals

    @cached_property
    def rate(self) -> Rate:
        """How full the period was."""
        return self.whole_rate.between(self.span.first, self.span.last)

    @cached_property
    def rate_before(self) -> Rate:
        """How full the same months were a year before."""
        return self.whole_rate.between(self.span.before.first, self.span.before.last)

    @property
    def desks(self) -> Hours:
        """How full the desks were."""
        return self.rate.of_kind(Space.Kind.DESK).hours

    @property
    def desks_before(self) -> Hours:
        """How full they were a year before."""
        return self.rate_before.of_kind(Space.Kind.DESK).hours

    @property
    def cohorts(self) -> Sequence[people.Cohort]:
        """The latest quarters of first visits."""
        return self.hosted.cohorts[-COHORTS:]

    @cached_property
    def months(self) -> list[Month]:
        """Month by month."""
        rate = self.whole_rate
        whole, desks = rate.by_month(), rate.of_kind(Space.Kind.DESK).by_month()
        held = self.held_before.by_month() | self.held.by_month()
        return [self._month(month, whole, desks, held) for month in between(self.span.first, self.span.last)]

    def _month(
        self, month: date, whole: Mapping[date, Hours], desks: Mapping[date, Hours], held: Mapping[date, Came]
    ) -> Month:
        before, hosted = shift(month, -YEAR), self.hosted
        hours, of_desks = whole.get(month, Hours()), desks.get(month, Hours())
        return Month(
            month=month,
            hours=hours,
            desks=of_desks,
            rooms=hours - of_desks,
            hours_before=whole.get(before, Hours()),
            people=hosted.people_by_month.get(month, Count()),
            people_before=hosted.people_by_month.get(before, Count()),
            organisations=hosted.organisations_by_month.get(month, Count()),
            members=hosted.members_by_month.get(month, 0),
            events=held.get(month, Came()),
            events_before=held.get(before, Came()),
            volunteers=self.held.volunteers_by_month.get(month, 0),
        )


def span_of(asked: Asked, *, now: datetime) -> Span:
    """The months that are asked for; the running one up to today."""
    return Span(asked.first, min(last_day(asked.last), timezone.localdate(now)))


def read(asked: Asked, *, now: datetime) -> Attendance:
    """Read it all."""
    sites, span = asked.sites, span_of(asked, now=now)
    before = span.before
    whole_rate, heat = occupancy(sites, before.first, span.last, heat_from=span.first)
    hosted, hosted_before = people.hosted_in(sites, [(span.first, span.last), (before.first, before.last)])
    return Attendance(
        span=span,
        whole_rate=whole_rate,
        heat=heat,
        hosted=hosted,
        hosted_before=hosted_before,
        held=events.held(sites, span.first, span.last),
        held_before=events.held(sites, before.first, before.last),
        rentals=rentals.rentals(sites, span.first, span.last, now=now),
        rentals_before=rentals.rentals(sites, before.first, before.last, now=now),
    )
