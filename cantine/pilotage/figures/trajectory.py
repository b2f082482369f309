"""The way to the target: where it passes each month, and the range of what is to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DateField, F, Func, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils import timezone

from billing.models import Order, OrderLine, Quote
from billing.money import ZERO
from bookings.models import RentalQuote, RentalRequest, Site
from bookings.services.rentals.pipeline import standing_quotes
from cantine.pilotage.figures.months import apart, month_of


@dataclass(frozen=True)
class Way:
    """A straight line from one share of running costs to another, month by month."""

    start: date
    start_percent: int
    due: date
    percent: int

    def at(self, month: date) -> Decimal | None:
        """Where it passes, in hundredths; nowhere before it starts, and level once it has arrived."""
        if month < self.start:
            return None
        if month >= self.due:
            return Decimal(self.percent)
        done = Decimal(apart(self.start, month)) / apart(self.start, self.due)
        return self.start_percent + (self.percent - self.start_percent) * done


@dataclass(frozen=True)
class Range:
    """What a month to come may bring, in euros: what is sure enough, and what is offered besides."""

    booked: Decimal = ZERO
    quoted: Decimal = ZERO

    @property
    def low(self) -> Decimal:
        """Nothing but what is booked."""
        return self.booked

    @property
    def high(self) -> Decimal:
        """With every quote that was sent."""
        return self.booked + self.quoted

    def __add__(self, other: "Range") -> "Range":
        return Range(self.booked + other.booked, self.quoted + other.quoted)


def merged(
    booked: Sequence[tuple[date, Decimal]], quoted: Sequence[tuple[date, Decimal]], *, today: date
) -> dict[date, Range]:
    """Ranges by month; what should have been invoiced before today still will be, this month."""
    found: dict[date, Range] = {}
    running = month_of(today)
    for month, amount in booked:
        found[max(month, running)] = found.get(max(month, running), Range()) + Range(booked=amount)
    for month, amount in quoted:
        found[max(month, running)] = found.get(max(month, running), Range()) + Range(quoted=amount)
    return found


def summed(ranges: Mapping[date, Range]) -> Range:
    """All of them together."""
    return sum(ranges.values(), Range())


def expected(sites: Sequence[Site], *, now: datetime) -> dict[date, Range]:
    """What may still be invoiced, by month of the sites' clocks: three queries.

    Booked: orders that wait for their payment, in the month they wait until, and rentals whose quote is
    accepted and not invoiced yet, in the month they end. Quoted: quotes sent that may still be accepted, but
    for those in second rank, of which only one of two can be. Advances do not count, as in income.
    """
    codes, pks = [site.code for site in sites], [site.pk for site in sites]
    zone = Subquery(Site.objects.filter(code=OuterRef("order__site_code")).values("timezone")[:1])
    waiting = OrderLine.objects.filter(
        order__state=Order.State.OPEN, order__site_code__in=codes, order__quote=None
    )
    until = Coalesce("order__expires_at", now)
    won = rentals(pks).filter(request__state=RentalRequest.State.WON, quote__state=Quote.State.ACCEPTED)
    won = won.filter(balance=None, cancellation=None)
    sent = standing_quotes(now).filter(request__site__in=pks)
    ends = (F("request__site__timezone"), F("during__endswith"), "quote__total_excl")
    booked = [*sums(waiting, zone, until, "amount_excl"), *sums(won, *ends)]
    return merged(booked, sums(sent, *ends), today=timezone.localdate(now))


def rentals(sites: Sequence[int]) -> "QuerySet[RentalQuote]":
    """Quotes of rentals at these sites."""
    return RentalQuote.objects.filter(request__site__in=sites)


def sums(rows: "QuerySet[Any]", zone: Any, instant: Any, amount: str) -> list[tuple[date, Decimal]]:
    """Amounts by the month of an instant, by the clocks of a site."""
    day = Cast(Func(zone, instant, function="timezone"), DateField())
    told = rows.order_by().annotate(local_month=TruncMonth(day)).values("local_month")
    return [(row["local_month"], row["all_of_it"]) for row in told.annotate(all_of_it=Sum(amount))]
