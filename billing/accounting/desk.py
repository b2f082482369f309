"""What happened to the desk's money apart from sales: cash and its differences, what the bank received."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting.facts import CashFact, DrawerFact, RemittanceFact, Source
from billing.accounting.loading import instants
from billing.accounting.periods import Period
from billing.models import CashCount, CashMovement, Payment, PaymentEvent, Remittance, Seller
from billing.money import ZERO
from billing.till.reading import SIGNED

BETWEEN = ~Q(kind=CashMovement.Kind.CORRECTION) | Q(corrects__isnull=False)
"""Movements between a drawer and the bank, and what puts one right, on the same account."""


def cash_facts(seller: Seller, period: Period) -> list[CashFact]:
    """Cash between the bank and the drawers within a period: noted, put right, or there at a first count.

    Two queries.
    """
    moved = [
        CashFact(
            recorded_at=row.at,
            date=_day(row.at, seller),
            reference=_movement(row.pk),
            amount=row.amount,
            word=f"Correction de {_movement(row.corrects_id)} par" if row.corrects_id else "",
            source=Source("cash", row.pk),
        )
        for row in _movements(seller, period).filter(BETWEEN)
    ]
    found = [
        CashFact(
            recorded_at=row.counted_at,
            date=_day(row.counted_at, seller),
            reference=_count(row.pk),
            amount=row.counted - row.booked,
            word="Caisse au premier comptage",
            source=Source("count", row.pk),
        )
        for row in _first_counts(seller, period)
    ]
    return [*moved, *found]


def drawer_facts(seller: Seller, period: Period) -> list[DrawerFact]:
    """What counts, and corrections of no movement, found too much or missing within a period; two queries."""
    fixed = [
        DrawerFact(row.at, _day(row.at, seller), _movement(row.pk), row.amount, Source("cash", row.pk))
        for row in _movements(seller, period).exclude(BETWEEN)
    ]
    off = _counts(seller, period).filter(expected__isnull=False).exclude(counted=F("expected"))
    found = [
        DrawerFact(
            row.counted_at,
            _day(row.counted_at, seller),
            _count(row.pk),
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


def _first_counts(seller: Seller, period: Period) -> "QuerySet[Any]":
    """Counts with which drawers begin, with what the entries before them put there: `booked`."""
    drawer = {"seller": OuterRef("seller")}
    taken = PaymentEvent.objects.filter(
        **drawer,
        sequence__lte=OuterRef("sequence"),
        method=Payment.Method.CASH,
        payment__order__site_code=OuterRef("site_code"),
    )
    moved = CashMovement.objects.filter(
        **drawer, site_code=OuterRef("site_code"), pk__lte=OuterRef("movement")
    )
    return (
        _counts(seller, period)
        .filter(expected=None)
        .annotate(booked=_sum(taken, SIGNED) + _sum(moved, "amount"))
    )


def _sum(rows: "QuerySet[Any]", of: Any) -> Coalesce:
    total = rows.order_by().values("seller").annotate(total=Sum(of)).values("total")
    return Coalesce(Subquery(total), ZERO, output_field=DecimalField())


def _counts(seller: Seller, period: Period) -> "QuerySet[CashCount]":
    first, end = instants(period, seller)
    rows = CashCount.objects.filter(seller=seller, counted_at__gte=first, counted_at__lt=end)
    return rows.order_by("counted_at", "pk")


def _movements(seller: Seller, period: Period) -> "QuerySet[CashMovement]":
    first, end = instants(period, seller)
    return CashMovement.objects.filter(seller=seller, at__gte=first, at__lt=end).order_by("at", "pk")


def _movement(pk: int) -> str:
    return f"CA-{pk:05d}"


def _count(pk: int) -> str:
    return f"CC-{pk:05d}"


def _day(at: dt.datetime, seller: Seller) -> dt.date:
    return at.astimezone(ZoneInfo(seller.timezone)).date()
