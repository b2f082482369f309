"""Penalties by rate and days (V12), on what was owed each day; proposed to businesses only."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest

from billing.collecting.charging import charges_on
from billing.collecting.penalties import penalties
from billing.models import LateRate
from tests.billing.collecting.steps import enter, make_debtor, make_due

D, DAY = Decimal, dt.date
Taken = Sequence[tuple[dt.date, Decimal]]
DUE, RATES = DAY(2026, 10, 1), [(DAY(2026, 7, 1), D("12.15"))]


def asked(days: int, taken: Taken = (), rates: Taken | None = None) -> Decimal:
    today = DUE + dt.timedelta(days=days)
    known = RATES if rates is None else rates
    return penalties(due_on=DUE, today=today, total=D("388.61"), taken=taken, rates=known)


def test_v12_thirty_days_late_at_12_15() -> None:
    assert asked(30) == D("3.88")


def test_nothing_before_the_day_after_nor_without_a_rate() -> None:
    assert asked(0) == asked(-5) == D("0.00")
    assert asked(30, rates=[]) == D("0.00")


def test_a_part_paid_stops_counting_from_the_day_after_and_a_new_rate_counts_from_its_day() -> None:
    half = [(DUE + dt.timedelta(days=10), D("388.61"))]
    assert asked(30, half) == asked(10)
    doubled = [*RATES, (DUE + dt.timedelta(days=11), D("24.30"))]
    assert asked(20, rates=doubled) == D("3.88")  # ten days at 12.15, ten at twice that


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
def test_a_business_could_be_asked_penalties_and_forty_euros(now: dt.datetime) -> None:
    LateRate.objects.all().delete()
    LateRate.objects.create(percent=D("12.15"), valid_from=DAY(2026, 1, 1))
    document = make_due(now, "388.61")
    assert document.due_on is not None
    assert charges_on(document, today=document.due_on) is None
    charges = charges_on(document, today=document.due_on + dt.timedelta(days=30))
    assert charges is not None
    assert (charges.days, charges.penalties, charges.indemnity, charges.total) == (
        30,
        D("3.88"),
        D("40.00"),
        D("43.88"),
    )
    enter(document, "388.61", now=now)
    charges = charges_on(document, today=document.due_on + dt.timedelta(days=30))
    assert charges is not None
    assert charges.penalties == D("0.00")


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
@pytest.mark.parametrize("buyer", ["consumer", "public"])
def test_a_consumer_and_a_public_body_are_asked_for_none_of_it(now: dt.datetime, buyer: str) -> None:
    document = make_due(now, customer=make_debtor(buyer=buyer))
    assert charges_on(document, today=now.date() + dt.timedelta(days=90)) is None
