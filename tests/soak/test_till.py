"""Days close under two processes while four take money with clocks that lag: no event twice, none outside."""

import datetime as dt
import os
import random
import time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from billing.models import Document, PaymentEvent, Product, TillClosing
from billing.settlement.services import take_at_desk
from billing.till.closing import close_due
from billing.till.verifying import broken_closings
from members.models import User
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user
from tests.soak.issuing import FORKS

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
START = dt.datetime(2026, 12, 30, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
SECONDS = 60 * min(float(os.environ.get("SOAK_MINUTES", "10")), 1)
PAYERS, CLOSERS = 4, 2
LAG = dt.timedelta(hours=9)


def clock(began: float) -> dt.datetime:
    """A day goes by in a second."""
    return START + dt.timedelta(days=time.monotonic() - began)


def alone() -> None:
    """A fork shares no connection."""
    for inherited in connections.all(initialized_only=True):
        inherited.connection = None


def pay(product: Product, by: User, began: float, seed: int) -> None:
    alone()
    chance, customer, seller = random.Random(seed), make_customer(by), product.seller
    while time.monotonic() - began < SECONDS:
        now = clock(began) - LAG * chance.random()
        order = make_order(seller=seller, customer=customer, lines=[new_line(product)], now=now)
        take_at_desk(order=order, method="cash", by=by, now=now)
    connection.close()


def close(began: float) -> None:
    alone()
    while time.monotonic() - began < SECONDS:
        close_due(clock(began))
        time.sleep(0.05)
    connection.close()


def test_no_event_and_no_document_is_closed_twice_or_outside() -> None:
    seller, people = make_seller(), [make_user(role="manager") for _each in range(PAYERS)]
    product = make_product(seller)
    connections.close_all()
    began = time.monotonic()
    work = [
        FORKS.Process(target=pay, args=(product, by, began, number)) for number, by in enumerate(people)
    ] + [FORKS.Process(target=close, args=(began,)) for _each in range(CLOSERS)]
    for each in work:
        each.start()
    for each in work:
        each.join(SECONDS + 60)
    assert [each.exitcode for each in work] == [0] * len(work)
    close_due(clock(began) + dt.timedelta(days=40))
    daily = TillClosing.objects.filter(seller=seller, kind="day").order_by("number")
    events = PaymentEvent.objects.filter(seller=seller)
    assert sum(row.count for row in daily) == events.count() > SECONDS
    for row in daily:
        inside = events.filter(at__gte=row.starts_at, at__lt=row.ends_at)
        assert row.count == len(inside)
        assert row.received == sum(each.amount for each in inside)
        assert row.documents == Document.objects.filter(seller=seller, issued_on=row.first_day).count()
    assert list(broken_closings(seller)) == []
    print(f"\n  {events.count()} payments over {len(daily)} days closed, none twice, none outside")  # noqa: T201
