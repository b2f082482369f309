"""What the report says of some sites and a period, in a fixed number of queries for each seller."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from bookings.models import Site
from cantine.pilotage import attendance, board, indicators
from cantine.pilotage.asked import Asked
from cantine.pilotage.attendance import Attendance
from cantine.pilotage.board import Board
from cantine.pilotage.figures import coverage, trajectory
from cantine.pilotage.figures.coverage import Money, added
from cantine.pilotage.figures.months import YEAR, apart, between, month_of, shift
from cantine.pilotage.figures.trajectory import Range
from cantine.pilotage.indicators import Reached
from cantine.report.metropole.agreeing import Agreed, agreed
from cantine.report.metropole.term import Term


@dataclass(frozen=True)
class Facts:
    """What a report is written from."""

    term: Term
    sites: tuple[Site, ...]
    today: date
    board: Board
    attendance: Attendance
    months: dict[date, Money]
    reached: list[Reached]
    ahead: dict[date, Range]
    agreed: list[Agreed]

    @property
    def last_month(self) -> date:
        """The last month that has begun."""
        return min(self.term.last_month, month_of(self.today))

    @property
    def own_months(self) -> list[date]:
        """Those of the period."""
        return between(self.term.first, self.last_month)

    @property
    def year_months(self) -> list[date]:
        """The twelve that end with it."""
        return between(shift(self.last_month, 1 - YEAR), self.last_month)

    def money(self, first: date, last: date) -> Money:
        """What months bring together."""
        return added([self.months[month] for month in between(first, last)])


def read(site: Site | None, term: Term, *, now: datetime) -> Facts:
    """Read the report of a site, or of all of them."""
    today = timezone.localdate(now)
    houses = tuple(Site.objects.select_related("seller").order_by("position", "name"))
    sites = tuple(each for each in houses if site is None or each.pk == site.pk)
    last = min(term.last_month, month_of(today))
    asked = Asked(
        sites=sites,
        offered=sites,
        everything=len(sites) == len(houses),
        last=last,
        number=apart(term.first, last) + 1,
        running=month_of(today),
    )
    found = board.read(asked, now=now)
    start = min(shift(term.first, -YEAR), shift(last, 1 - YEAR), term.january)
    return Facts(
        term=term,
        sites=sites,
        today=today,
        board=found,
        attendance=attendance.read(asked, now=now),
        months=coverage.by_month(sites, start, last),
        reached=indicators.read(found, asked),
        ahead=trajectory.expected(sites, now=now),
        agreed=agreed(sites, houses, term.first, min(term.last, today)),
    )
