"""« Pilotage »: everything the page says of some sites and months, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from billing.money import ZERO
from bookings.models import Site, Space
from cantine.pilotage.asked import Asked
from cantine.pilotage.due import Due, due_between
from cantine.pilotage.figures import coverage, income
from cantine.pilotage.figures.coverage import Money, added, costed, rounded
from cantine.pilotage.figures.heat import HeatMap
from cantine.pilotage.figures.months import YEAR, apart, between, last_day, shift
from cantine.pilotage.figures.occupancy import Rate, occupancy
from cantine.pilotage.figures.people import Hosted, hosted
from cantine.pilotage.figures.trajectory import Range, Way, expected, summed
from cantine.pilotage.models import Agreement, Target

LONGEST_AHEAD = 36
COMING = timedelta(days=90)
NEXT_TO_NOTHING = 10
HEAT_MONTHS = 3


@dataclass(frozen=True)
class Row:
    """One month of the table and of the chart."""

    month: date
    money: Money
    before: Decimal
    target: int | None
    is_running: bool = False
    is_coming: bool = False
    range: Range = field(default_factory=Range)

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return f"{self.month:%Y-%m}"

    @property
    def amounts(self) -> list[Decimal]:
        """Income by group, in order."""
        return [self.money.income[name] for name in income.GROUPS]

    @property
    def gap(self) -> int | None:
        """Points above the way to the target, or below."""
        if self.target is None or self.money.coverage is None:
            return None
        return self.money.coverage - self.target

    @property
    def points(self) -> int:
        """How many points apart, either way."""
        return abs(self.gap or 0)

    @property
    def low_percent(self) -> int | None:
        """With what is booked, in hundredths of running costs."""
        return coverage.percent(self.money.own + self.range.low, self.money.costs)

    @property
    def high_percent(self) -> int | None:
        """With every quote besides."""
        return coverage.percent(self.money.own + self.range.high, self.money.costs)


@dataclass(frozen=True)
class Year:
    """Twelve months that are over, and the twelve before."""

    last: date
    money: Money
    before: Money
    costed: Money
    """Those of the months whose cost is known."""
    months_costed: int

    @property
    def growth(self) -> int | None:
        """Own income against the year before, in hundredths; None where there was next to nothing."""
        if self.before.own * NEXT_TO_NOTHING < self.money.own:
            return None
        return coverage.percent(self.money.own - self.before.own, self.before.own)


@dataclass(frozen=True)
class Board:
    """The page."""

    rows: list[Row]
    coming: list[Row]
    head: Row
    year: Year
    way: Way | None
    target: Target | None
    agreement: Agreement | None
    agreement_month: int
    agreement_months: int
    ahead: Range
    due: list[Due]
    today: date
    desks: Rate
    heat: HeatMap
    hosted: Hosted

    @property
    def has_costs(self) -> bool:
        """Whether a share of anything can be told."""
        return any(row.money.costs > 0 for row in (*self.rows, *self.coming))

    @property
    def has_other(self) -> bool:
        """Whether something belongs to no group of its own."""
        return any(row.money.income[income.OTHER] for row in self.rows)

    @property
    def expected(self) -> list[Row]:
        """The months in which something may come."""
        return [row for row in (*self.rows[-1:], *self.coming) if row.range.high]

    @property
    def total_before(self) -> Decimal:
        """Own income of the same months a year before."""
        return sum((row.before for row in self.rows), ZERO)

    @property
    def total(self) -> Money:
        """All of the months of the table."""
        return added([row.money for row in self.rows])

    @property
    def total_coverage(self) -> int | None:
        """What they covered of their costs; None where the cost of one is not known."""
        return self.total.coverage if all(row.money.costs for row in self.rows) else None


def read(asked: Asked, *, now: datetime) -> Board:
    """Read the page: the number of queries depends neither on rows, nor on sites, nor on months."""
    today = timezone.localdate(now)
    target = Target.objects.of(asked.sites, everything=asked.everything).first()
    way = way_of(target)
    ahead = expected(asked.sites, now=now) if asked.last == asked.running else {}
    end = horizon(asked, target, ahead)
    head_month = finished(asked.last, today)
    start = min(shift(asked.first, -YEAR), shift(head_month, 1 - 2 * YEAR))
    months = coverage.by_month(asked.sites, start, end)

    def row(month: date) -> Row:
        before = months.get(shift(month, -YEAR), Money()).own
        passed = way.at(month) if way else None
        return Row(
            month,
            months[month],
            before,
            None if passed is None else rounded(passed),
            is_running=month == asked.running and today < last_day(month),
            is_coming=month > asked.running,
            range=ahead.get(month, Range()),
        )

    first, last = shift(head_month, 1 - YEAR), last_day(head_month)
    rate, heat = occupancy(asked.sites, first, last, heat_from=shift(head_month, 1 - HEAT_MONTHS))
    agreement = agreement_of(asked.sites, everything=asked.everything, month=asked.last)
    return Board(
        rows=[row(month) for month in between(asked.first, asked.last)],
        coming=[row(month) for month in between(shift(asked.last, 1), end)],
        head=row(head_month),
        year=year_of(months, head_month),
        way=way,
        target=target,
        agreement=agreement,
        agreement_month=apart(agreement.first_month, asked.last) + 1 if agreement else 0,
        agreement_months=apart(agreement.first_month, agreement.last_month) + 1 if agreement else 0,
        ahead=summed(ahead),
        due=due_of(asked, today),
        today=today,
        desks=rate.of_kind(Space.Kind.DESK),
        heat=heat,
        hosted=hosted(asked.sites, first, last),
    )


def way_of(target: Target | None) -> Way | None:
    """The line that a target draws."""
    if target is None:
        return None
    return Way(target.start_month, target.start_percent, target.due_month, target.percent)


def finished(last: date, today: date) -> date:
    """The last month that is over: of half a month's income against a month's costs nothing is said."""
    return last if last_day(last) < today else shift(last, -1)


def horizon(asked: Asked, target: Target | None, ahead: dict[date, Range]) -> date:
    """Until when the chart goes: the target, and what is expected, within reason; the past has no future."""
    if asked.last != asked.running:
        return asked.last
    ends: list[date] = [asked.last, *ahead, *([target.due_month] if target else [])]
    return min(max(ends), shift(asked.last, LONGEST_AHEAD))


def year_of(months: dict[date, Money], last: date) -> Year:
    """The twelve months that end with this one, and the twelve before."""
    twelve = [months[month] for month in between(shift(last, 1 - YEAR), last)]
    known = costed(twelve)
    return Year(last, added(twelve), coverage.rolling(months, shift(last, -YEAR)), added(known), len(known))


def agreement_of(sites: Sequence[Site], *, everything: bool, month: date) -> Agreement | None:
    """The agreement that runs: that of a site alone, or that of the whole house."""
    running = Agreement.objects.running_in(month).prefetch_related("indicators")
    chosen = {site.pk for site in sites}
    of_sites = [each for each in running if each.site_id in chosen]
    of_house = [each for each in running if each.site_id is None and everything]
    return next(iter(of_sites if len(chosen) == 1 and of_sites else of_house or of_sites), None)


def due_of(asked: Asked, today: date) -> list[Due]:
    """What is late, or comes due within three months, for these sites."""
    chosen = {site.pk for site in asked.sites}
    late = due_between(today - 4 * COMING, today + COMING)
    waits = [due for due in late if due.on >= today or due.sort == "commitment"]
    return [due for due in waits if due.site in chosen or (due.site is None and asked.everything)]
