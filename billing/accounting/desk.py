"""What happened to the desk's money apart from sales: cash and its differences, what the bank received."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from billing.accounting.facts import CashFact, DrawerFact, RemittanceFact, Source
from billing.accounting.loading import instants
from billing.accounting.periods import Period
from billing.models import CashCount, CashMovement, Remittance, Seller


def cash_facts(seller: Seller, period: Period) -> list[CashFact]:
    """Cash between the bank and the drawers, noted within a period."""
    rows = _movements(seller, period, CashMovement.Kind.FLOAT, CashMovement.Kind.BANKED)
    return [
        CashFact(
            recorded_at=row.at,
            date=_day(row.at, seller),
            reference=f"CA-{row.pk:05d}",
            amount=row.amount,
            source=Source("cash", row.pk),
        )
        for row in rows
    ]


def drawer_facts(seller: Seller, period: Period) -> list[DrawerFact]:
    """What counts and corrections found too much or missing within a period; two queries."""
    fixed = [
        DrawerFact(row.at, _day(row.at, seller), f"CA-{row.pk:05d}", row.amount, Source("cash", row.pk))
        for row in _movements(seller, period, CashMovement.Kind.CORRECTION)
    ]
    first, end = instants(period, seller)
    counts = CashCount.objects.filter(seller=seller, counted_at__gte=first, counted_at__lt=end)
    off = counts.filter(expected__isnull=False).exclude(counted=F("expected")).order_by("counted_at", "pk")
    found = [
        DrawerFact(
            row.counted_at,
            _day(row.counted_at, seller),
            f"CC-{row.pk:05d}",
            row.difference,
            Source("count", row.pk),
        )
        for row in off
    ]
    return [*fixed, *found]


def remittance_facts(seller: Seller, period: Period) -> list[RemittanceFact]:
    """What the bank received of cheques and terminal takings, entered or withdrawn within a period."""
    first, end = instants(period, seller)
    within = Q(at__gte=first, at__lt=end) | Q(withdrawn_at__gte=first, withdrawn_at__lt=end)
    rows = Remittance.objects.filter(within, seller=seller).order_by("at", "pk")
    facts = (fact for row in rows for fact in _of_remittance(row, seller))
    return [fact for fact in facts if first <= fact.recorded_at < end]


def _of_remittance(row: Remittance, seller: Seller) -> Iterator[RemittanceFact]:
    for at, sign in ((row.at, 1), (row.withdrawn_at, -1)):
        if at is not None:
            day = _day(at, seller)
            yield RemittanceFact(
                recorded_at=at,
                date=day,
                value_date=min(row.received_on, day),
                reference=row.number,
                method=row.method,
                amount=sign * row.amount,
                fees=sign * row.fees,
                source=Source("remittance", row.pk),
            )


def _movements(seller: Seller, period: Period, *kinds: CashMovement.Kind) -> list[CashMovement]:
    first, end = instants(period, seller)
    rows = CashMovement.objects.filter(seller=seller, at__gte=first, at__lt=end, kind__in=kinds)
    return list(rows.order_by("at", "pk"))


def _day(at: dt.datetime, seller: Seller) -> dt.date:
    return at.astimezone(ZoneInfo(seller.timezone)).date()
