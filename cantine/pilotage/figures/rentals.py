"""What became of requests to rent: how many came in, were won or lost, and how soon they were answered.

The won rate is over requests received in the period that are decided: won, done, or called off after they
were won, against lost. The answer is the first quote that was sent; its delay runs from when the request
came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from bookings.models import RentalRequest, Site
from bookings.period import at
from bookings.services.rentals.pipeline import OPEN, Total, staged, totals

State = RentalRequest.State
WON = (State.WON, State.DONE, State.CANCELLED)


@dataclass(frozen=True)
class Rentals:
    """Requests received over a period, and what stands at each stage now (euros)."""

    received: int = 0
    won: int = 0
    lost: int = 0
    answer: timedelta | None = None
    """How long the first quote took, on average; None where none was sent."""
    worth: Decimal = Decimal("0.00")
    """What was won, without VAT."""
    stages: Sequence[Total] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Of a hundred requests that are decided, how many were won; None where none is."""
        decided = self.won + self.lost
        return round(100 * self.won / decided) if decided else None

    @property
    def answer_hours(self) -> int | None:
        """Whole hours of the delay."""
        return None if self.answer is None else round(self.answer / timedelta(hours=1))

    @property
    def open_stages(self) -> list[Total]:
        """What somebody still has to do something about."""
        return [each for each in self.stages if each.stage in OPEN]


def rentals(sites: Sequence[Site], first: date, last: date, *, now: datetime) -> Rentals:
    """Requests received at `sites` from one day to another, both included; the pipeline is that of `now`."""
    rows = staged(now).filter(site__in=list(sites))
    return replace(_received(rows, sites, first, last), stages=totals(rows))


def received(sites: Sequence[Site], first: date, last: date, *, now: datetime) -> Rentals:
    """The same without what stands at each stage, which no other period changes."""
    return _received(staged(now).filter(site__in=list(sites)), sites, first, last)


def _received(rows: QuerySet[Any], sites: Sequence[Site], first: date, last: date) -> Rentals:
    came = Q()
    for site in sites:
        start, end = at(first, time(), site.zone), at(last + timedelta(days=1), time(), site.zone)
        came |= Q(site=site, received_at__gte=start, received_at__lt=end)
    won, lost = Q(state__in=WON), Q(state=State.LOST)
    sums = rows.filter(came if sites else Q(pk=None)).aggregate(
        received=Count("pk"),
        won=Count("pk", filter=won),
        lost=Count("pk", filter=lost),
        worth=Sum("excl", filter=won, default=Decimal("0.00")),
        answer=Avg(F("sent_first") - F("received_at")),
    )
    return Rentals(**sums)
