"""The figures of the report, month by month; each is defined beside it (templates/report/page.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DurationField, F, Q, Sum
from django.db.models.functions import TruncMonth

from billing.money import ZERO
from bookings.models import Booking, Occupancy, Site, SpacePart
from bookings.services import rules
from cantine.pilotage.figures.income import by_category
from cantine.pilotage.figures.months import months_before
from events.models import Attendance, Event, Registration, Seat

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Month:
    """A month: income in euros without VAT by category, hours, events and who came."""

    first: date
    income: dict[str, Decimal]
    taken: timedelta
    offered: timedelta
    events: int
    expected: int
    came: int

    @property
    def total(self) -> Decimal:
        """Income of every category."""
        return sum(self.income.values(), ZERO)

    @property
    def occupancy(self) -> int | None:
        """Hours taken of a hundred that were offered; None while nothing was."""
        return round(100 * (self.taken / self.offered)) if self.offered else None

    @property
    def taken_hours(self) -> int:
        """Whole hours taken."""
        return round(self.taken / timedelta(hours=1))


def figures(sites: Sequence[Site], today: date) -> list[Month]:
    """Read the figures of these sites: five queries, and the hours of each site from its kept premises."""
    months = months_before(today)
    income, taken, offered = (
        by_category(sites, months[0], months[-1]),
        hours_taken(sites, months),
        hours_offered(sites, months, today),
    )
    held, expected, came = events_of(sites, months)
    return [
        Month(
            first,
            income.get(first, {}),
            taken.get(first, NOTHING),
            offered.get(first, NOTHING),
            held.get(first, 0),
            expected.get(first, 0),
            came.get(first, 0),
        )
        for first in months
    ]


def hours_taken(sites: Sequence[Site], months: Sequence[date]) -> dict[date, timedelta]:
    """Hours of desks and rooms taken by bookings that were sure; closures take nothing."""
    sure = Q(booking__state=Booking.State.CONFIRMED) & ~Q(booking__purpose=Booking.Purpose.CLOSURE)
    rows = Occupancy.objects.filter(sure, booking__site__in=sites, during__startswith__date__gte=months[0])
    length = Sum(F("during__endswith") - F("during__startswith"), output_field=DurationField())
    sums = rows.order_by().values(month=TruncMonth("during__startswith")).annotate(length=length)
    return {row["month"].date(): row["length"] for row in sums}


def hours_offered(sites: Sequence[Site], months: Sequence[date], today: date) -> dict[date, timedelta]:
    """Opening hours of the site times its desks and rooms of today; the running month up to its end."""
    found: dict[date, timedelta] = {}
    atoms = atoms_of(sites)
    end = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    for site in sites:
        opening, day = rules.of_site(site), months[0]
        while day < end:
            opened = sum((each.end - each.start for each in opening.opening(day).periods), NOTHING)
            first = day.replace(day=1)
            found[first] = found.get(first, NOTHING) + opened * atoms.get(site.pk, 0)
            day += timedelta(days=1)
    return found


def atoms_of(sites: Sequence[Site]) -> dict[int, int]:
    """How many desks and rooms can be taken at each site."""
    rows = SpacePart.objects.filter(space__site__in=sites, space__is_active=True)
    counted = rows.order_by().values("space__site").annotate(n=Count("atom", distinct=True))
    return {row["space__site"]: row["n"] for row in counted}


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
