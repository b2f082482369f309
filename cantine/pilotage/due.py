"""What comes due, of every sort: commitments, indicators of agreements, meetings of committees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cantine.pilotage.models import Commitment, Indicator, Meeting

STEPS = (7, 30)
"""Days before, at which one is reminded; the nearest first."""
SORTS: Mapping[str, type[Commitment] | type[Indicator] | type[Meeting]] = {
    "commitment": Commitment,
    "indicator": Indicator,
    "meeting": Meeting,
}
"""By the name that messages give their id."""
LABELS: Mapping[str, str | Promise] = {
    "commitment": _("engagement"),
    "indicator": _("indicateur d’une convention"),
    "meeting": _("réunion"),
}
RELATED = {"commitment": ("site",), "indicator": ("agreement__site",), "meeting": ("site",)}


@dataclass(frozen=True)
class Due:
    """One thing that comes due: its row, the day, for whom."""

    sort: str
    row: Any
    on: date
    whom: str

    @property
    def site(self) -> int | None:
        """The site it is about; None is the whole house."""
        found: int | None = self.row.agreement.site_id if self.sort == "indicator" else self.row.site_id
        return found

    @property
    def label(self) -> str:
        """What sort of thing it is."""
        return str(LABELS[self.sort])

    @property
    def href(self) -> str:
        """Where it is in /gestion/; an indicator is on the page of its agreement."""
        if self.sort == "indicator":
            return reverse("admin:cantine_agreement_change", args=[self.row.agreement_id])
        return reverse(f"admin:cantine_{self.sort}_change", args=[self.row.pk])

    def days_left(self, today: date) -> int:
        """How many days are left; below nothing when it is late."""
        return (self.on - today).days


def told(sort: str, row: Any) -> Due:
    """A row as something that comes due."""
    if sort == "meeting":
        return Due(sort, row, row.held_on, row.committee)
    whom = row.agreement.funder if sort == "indicator" else row.to_whom
    return Due(sort, row, row.due_on, whom)


def due_between(first: date, last: date) -> list[Due]:
    """Everything due within these days, the earliest first: one query a sort."""
    return in_order({sort: model.objects.due_between(first, last) for sort, model in SORTS.items()})


def in_order(rows: "Mapping[str, QuerySet[Any]]") -> list[Due]:
    """Rows of several sorts as one list, the earliest first."""
    found = [told(sort, row) for sort, some in rows.items() for row in some.select_related(*RELATED[sort])]
    return sorted(found, key=lambda due: (due.on, due.sort, due.row.pk))


def step_at(days_left: int, steps: Sequence[int] = STEPS) -> int | None:
    """The reminder that is owed with so many days left; None when it is too early, or too late."""
    if days_left < 0:
        return None
    return next((step for step in sorted(steps) if days_left <= step), None)
