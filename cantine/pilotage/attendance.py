"""« Fréquentation »: everything the page says of some sites and months, in a fixed number of queries.

Each part is read once, when it is asked for: a table for a spreadsheet needs one or two of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.models import Site, Space
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
    """What the page shows of sites: the period, and the same a year before."""

    sites: Sequence[Site]
    span: Span
    now: datetime

    @cached_property
    def _occupancy(self) -> tuple[Rate, HeatMap]:
        return occupancy(self.sites, self.span.before.first, self.span.last, heat_from=self.span.first)

    @property
    def whole_rate(self) -> Rate:
        """How full both periods were, and what lies between them."""
        return self._occupancy[0]

    @property
    def heat(self) -> HeatMap:
        """When the period was full."""
        return self._occupancy[1]

    @cached_property
    def _hosted(self) -> list[Hosted]:
        spans = (self.span, self.span.before)
        return people.hosted_in(self.sites, [(each.first, each.last) for each in spans])

    @property
    def hosted(self) -> Hosted:
        """Who came."""
        return self._hosted[0]

    @property
    def hosted_before(self) -> Hosted:
        """Who came a year before."""
        return self._hosted[1]

    @cached_property
    def held(self) -> Held:
        """Events."""
        return events.held(self.sites, self.span.first, self.span.last)

    @cached_property
    def held_before(self) -> Held:
        """Events of a year before."""
        return events.held(self.sites, self.span.before.first, self.span.before.last)

    @cached_property
    def rentals(self) -> Rentals:
        """Requests to rent, and the pipeline of now."""
        return rentals.rentals(self.sites, self.span.first, self.span.last, now=self.now)

    @cached_property
    def rentals_before(self) -> Rentals:
        """Requests to rent of a year before."""
        before = self.span.before
        return rentals.received(self.sites, before.first, before.last, now=self.now)

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
    """What is to be read of the sites and months asked for."""
    return Attendance(asked.sites, span_of(asked, now=now), now)
