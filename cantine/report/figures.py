"""The figures of the report, month by month; each is defined beside it (templates/report/page.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from billing.money import ZERO
from bookings.models import Site
from cantine.pilotage.figures.income import by_category
from cantine.pilotage.figures.months import last_day, months_before
from cantine.pilotage.figures.occupancy import Hours, rate
from events.models import Attendance, Event, Registration, Seat


@dataclass(frozen=True)
class Month:
    """A month: income in euros without VAT by category, hours, events and who came."""

    first: date
    income: dict[str, Decimal]
    hours: Hours
    events: int
    expected: int
    came: int

    @property
    def total(self) -> Decimal:
        """Income of every category."""
        return sum(self.income.values(), ZERO)


def figures(sites: Sequence[Site], today: date) -> list[Month]:
    """Read the figures of these sites: six queries, and the hours of each site from its kept premises."""
    months = months_before(today)
    income = by_category(sites, months[0], months[-1])
    hours = rate(sites, months[0], last_day(months[-1])).by_month()
    held, expected, came = events_of(sites, months)
    return [
        Month(
            first,
            income.get(first, {}),
            hours.get(first, Hours()),
            held.get(first, 0),
            expected.get(first, 0),
            came.get(first, 0),
        )
        for first in months
    ]


def events_of(
    sites: Sequence[Site], months: Sequence[date]
) -> tuple[dict[date, int], dict[date, int], dict[date, int]]:
    """Events that took place, seats that were confirmed, and those whose person came."""
    held = Event.objects.filter(site__in=sites, state=Event.State.PUBLISHED, starts_at__date__gte=months[0])
    seats = Seat.objects.filter(
        registration__event__in=held, registration__state=Registration.State.CONFIRMED
    )
    came = Attendance.objects.filter(seat__registration__event__in=held)
    return (
        by_month(held, "starts_at"),
        by_month(seats, "registration__event__starts_at"),
        by_month(came, "seat__registration__event__starts_at"),
    )


def by_month(rows: Any, path: str) -> dict[date, int]:
    """Count rows by the local month of an instant."""
    counted = rows.order_by().values(month=TruncMonth(path)).annotate(n=Count("pk"))
    return {row["month"].date(): row["n"] for row in counted}
