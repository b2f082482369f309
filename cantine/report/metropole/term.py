"""The quarter or the year that a report is about. Pure but for its words."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cantine.pilotage.figures.months import YEAR, apart, last_day, month_of, shift
from cantine.pilotage.figures.people import QUARTER, quarter_of
from cantine.report.frozen import FrozenReport

Kind = FrozenReport.Kind
FIRST_YEAR = 2010
QUARTERS, YEARS = 8, 3
"""How many of each are offered."""
CODE = re.compile(r"(?P<year>\d{4})(?:-T(?P<quarter>[1-4]))?")


@dataclass(frozen=True)
class Term:
    """From the first day of a quarter or year to its last."""

    kind: str
    first: date

    @property
    def months(self) -> int:
        """How many it has."""
        return QUARTER if self.kind == Kind.QUARTER else YEAR

    @property
    def last_month(self) -> date:
        """The first day of its last month."""
        return shift(self.first, self.months - 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day(self.last_month)

    @property
    def january(self) -> date:
        """When its year began."""
        return self.first.replace(month=1)

    @property
    def before(self) -> "Term":
        """The same a year before."""
        return Term(self.kind, shift(self.first, -YEAR))

    @property
    def code(self) -> str:
        """Its name in addresses: « 2026-T3 », « 2026 »."""
        if self.kind == Kind.YEAR:
            return f"{self.first.year}"
        return f"{self.first.year}-T{self.number}"

    @property
    def number(self) -> int:
        """Which quarter of its year."""
        return apart(self.january, self.first) // QUARTER + 1

    @property
    def label(self) -> str:
        """« 3e trimestre 2026 », « Année 2026 »."""
        if self.kind == Kind.YEAR:
            return _("Année %(year)s") % {"year": self.first.year}
        words = (
            _("1er trimestre %(year)s"),
            _("2e trimestre %(year)s"),
            _("3e trimestre %(year)s"),
            _("4e trimestre %(year)s"),
        )
        return words[self.number - 1] % {"year": self.first.year}

    def is_over(self, today: date) -> bool:
        """Whether it may be issued."""
        return self.last < today


def term_of(code: str, today: date) -> Term | None:
    """What a code names; nothing for what has not begun, or is no code."""
    said = CODE.fullmatch(code)
    if said is None or not FIRST_YEAR <= int(said["year"]) <= today.year:
        return None
    if said["quarter"] is None:
        return Term(Kind.YEAR, date(int(said["year"]), 1, 1))
    found = Term(Kind.QUARTER, date(int(said["year"]), 1 + QUARTER * (int(said["quarter"]) - 1), 1))
    return found if found.first <= today else None


def offered(today: date) -> list[Term]:
    """The quarters and years that may be chosen, the latest first."""
    running = quarter_of(month_of(today))
    quarters = [Term(Kind.QUARTER, shift(running, -QUARTER * rank)) for rank in range(QUARTERS)]
    years = [Term(Kind.YEAR, date(today.year - rank, 1, 1)) for rank in range(YEARS)]
    return [*quarters, *years]


def usual(today: date) -> Term:
    """The last quarter that is over."""
    return Term(Kind.QUARTER, shift(quarter_of(month_of(today)), -QUARTER))
