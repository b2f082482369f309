"""Coverage: own income over running costs, with and without grants, by month and over twelve of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from billing.money import ZERO
from bookings.models import Site
from cantine.pilotage.figures import income
from cantine.pilotage.figures.months import YEAR, between, shift
from cantine.pilotage.models import BudgetLine


def percent(part: Decimal, whole: Decimal) -> int | None:
    """How many hundredths of `whole` a part is, rounded; None of nothing."""
    return rounded(100 * part / whole) if whole > 0 else None


def rounded(number: Decimal) -> int:
    """The nearest whole number; a half goes away from nothing."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class Money:
    """Own income by group, running costs and grants, in euros, of one month or of several."""

    income: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(income.GROUPS, ZERO))
    costs: Decimal = ZERO
    grants: Decimal = ZERO

    @property
    def own(self) -> Decimal:
        """Own income of every group."""
        return sum(self.income.values(), ZERO)

    @property
    def coverage(self) -> int | None:
        """Own income in hundredths of running costs; None where no cost is known."""
        return percent(self.own, self.costs)

    @property
    def with_grants(self) -> int | None:
        """The same with grants."""
        return percent(self.own + self.grants, self.costs)

    def __add__(self, other: "Money") -> "Money":
        told = {name: self.income[name] + other.income[name] for name in income.GROUPS}
        return Money(told, self.costs + other.costs, self.grants + other.grants)


def added(months: Sequence[Money]) -> Money:
    """Several months together."""
    return sum(months, Money())


def budget(sites: Sequence[Site], first: date, last: date) -> dict[date, dict[str, Decimal]]:
    """Costs and grants entered, by month: one query."""
    rows = BudgetLine.objects.of(sites).between(first, last).order_by()
    found: dict[date, dict[str, Decimal]] = {}
    for row in rows.values("month", "kind").annotate(sum=Sum("amount")):
        found.setdefault(row["month"], {})[row["kind"]] = row["sum"]
    return found


def by_month(sites: Sequence[Site], first: date, last: date) -> dict[date, Money]:
    """Every month from `first` to `last`: two queries."""
    earned = income.by_group(income.by_category(sites, first, last))
    planned = budget(sites, first, last)
    nothing = dict.fromkeys(income.GROUPS, ZERO)
    return {
        month: Money(
            earned.get(month, nothing),
            planned.get(month, {}).get(BudgetLine.Kind.COST, ZERO),
            planned.get(month, {}).get(BudgetLine.Kind.GRANT, ZERO),
        )
        for month in between(first, last)
    }


def rolling(months: dict[date, Money], last: date) -> Money:
    """The twelve months that end with this one; those that were not read count for nothing."""
    return added([months.get(month, Money()) for month in between(shift(last, 1 - YEAR), last)])


def costed(months: Sequence[Money]) -> list[Money]:
    """Those with a cost: a share is of them only, or months without a budget would swell it."""
    return [month for month in months if month.costs > 0]
