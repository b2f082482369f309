"""Closings are the sums of their events, made once, in order, never reopened; whatever the clocks do."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from billing.models import (
    Document,
    Payment,
    PaymentChain,
    PaymentEvent,
    Seller,
    TechnicalEvent,
)
from billing.payments import ledger
from billing.payments.refunds import repay_at_desk, request_refund
from billing.settlement.reconciliation import verify_chains
from billing.settlement.services import take_at_desk
from billing.till.closing import close_day, close_due, close_month, close_year
from billing.till.spans import days, end_of_month, end_of_year, midnight
from billing.till.verifying import broken_closings
from tests.factories.billing import make_order, make_seller
from tests.factories.members import make_user
from tests.lasting import lasting

PARIS = ZoneInfo("Europe/Paris")
ZERO = Decimal("0.00")
FIRST = dt.date(2026, 9, 28)


def at(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """A moment of a day in Paris."""
    return dt.datetime.combine(day, dt.time(hour, minute), PARIS)


def take(seller: Seller, now: dt.datetime, *, price: str = "36.00", method: str = "cash") -> Payment:
    """Sell one thing at the desk."""
    order = make_order(seller=seller, price=price, now=now)
    return take_at_desk(order=order, method=method, by=make_user(role="manager"), now=now)


def give_back(payment: Payment, amount: str, now: dt.datetime) -> None:
    """Hand a part of it back."""
    manager = make_user(role="manager")
    with transaction.atomic():
        refund = request_refund(payment, Decimal(amount), reason="cancelled", now=now, by=manager)  # type: ignore[arg-type]
    repay_at_desk(refund=refund, by=manager, now=now)


@pytest.fixture
def seller(lived: Seller) -> Seller:
    """That seller, as the database has it: what a test before changed on the object is not."""
    return Seller.objects.get(pk=lived.pk)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seller]:
    """A seller that took money around midnights, and through the night that has an hour twice."""
    with lasting(django_db_blocker):
        made = make_seller()
        paid = take(made, at(FIRST))
        take(made, at(FIRST, 23, 59), method="terminal")
        take(made, at(FIRST + dt.timedelta(days=1), 0, 0), method="cheque", price="5.50")
        give_back(paid, "12.00", at(dt.date(2026, 10, 3)))
        for hour in (0, 2, 23):  # 25 October has 25 hours
            take(made, at(dt.date(2026, 10, 25), hour, 30))
        take(made, at(dt.date(2026, 11, 5)))
        yield made


def recomputed(seller: Seller) -> dict[dt.date, dict[str, Any]]:
    """The sums of each day, added up one raw row after another."""
    found: dict[dt.date, dict[str, Any]] = defaultdict(
        lambda: {"count": 0, "received": ZERO, "refunded": ZERO, "methods": defaultdict(Decimal)}
    )
    for event in PaymentEvent.objects.filter(seller=seller):
        sums = found[event.at.astimezone(PARIS).date()]
        back = event.kind in ("refund_succeeded", "refund_failed")
        sign = -1 if event.kind == "refund_failed" else 1
        sums["count"] += 1
        sums["refunded" if back else "received"] += sign * event.amount
        sums["methods"][event.method] += (-sign if back else sign) * event.amount
    return found


NOVEMBER = at(dt.date(2026, 11, 10), 1)
NEW_YEAR = at(dt.date(2027, 1, 2), 1)


@pytest.mark.django_db
def test_each_day_month_and_year_is_the_sum_of_its_events_and_documents(seller: Seller) -> None:
    made = close_due(at(dt.date(2027, 1, 2), 1))
    daily = list(seller.till_closings.filter(kind="day").order_by("number"))
    assert [row.first_day for row in daily] == [FIRST + dt.timedelta(days=n) for n in range(96)]
    assert made == 96 + 4 + 1
    wanted = recomputed(seller)
    total = ZERO
    for row in daily:
        sums = wanted[row.first_day]
        total += sums["received"] - sums["refunded"]
        assert (row.count, row.received, row.refunded) == (sums["count"], sums["received"], sums["refunded"])
        nets = {each["code"]: Decimal(each["received"]) - Decimal(each["refunded"]) for each in row.methods}
        assert nets == sums["methods"]
        assert row.perpetual_net == total
        issued = Document.objects.filter(seller=seller, issued_on=row.first_day)
        assert row.documents == len(issued)
        assert row.invoiced - row.credited == sum(
            (-each.total_incl if each.kind == "credit_note" else each.total_incl for each in issued), ZERO
        )
    year = seller.till_closings.get(kind="year")
    assert (year.first_day, year.last_day) == (FIRST, dt.date(2026, 12, 31))
    assert (year.net, year.perpetual_net, year.count) == (total, total, seller.payment_events.count())
    october = seller.till_closings.get(kind="month", first_day=dt.date(2026, 10, 1))
    inside = [row for row in daily if row.first_day.month == 10]
    assert (october.net, october.count) == (sum(row.net for row in inside), sum(row.count for row in inside))
    assert (october.ends_at - october.starts_at) == dt.timedelta(days=31, hours=1)
    vat = sum(Decimal(part["incl"]) for event in seller.payment_events.all() for part in event.vat)
    kept = sum(Decimal(each["received"]) + Decimal(each["refunded"]) for each in year.vat)
    assert kept == vat
    assert list(broken_closings(seller)) == []


@pytest.mark.django_db
def test_closing_twice_changes_nothing_and_missed_weeks_are_made_in_order_in_few_queries(
    seller: Seller,
) -> None:
    close_due(at(dt.date(2026, 10, 2), 1))
    before = seller.till_closings.count()
    assert close_due(at(dt.date(2026, 10, 2), 23)) == 0
    assert seller.till_closings.count() == before
    with CaptureQueriesContext(connection) as few:
        assert close_day(seller=seller, now=at(dt.date(2026, 10, 4), 1)) == 2
    with CaptureQueriesContext(connection) as many:
        assert close_day(seller=seller, now=NOVEMBER) == 37
    assert len(many) == len(few)
    assert [close_month(seller=seller, now=NOVEMBER), close_year(seller=seller, now=NOVEMBER)] == [1, 0]
    assert list(broken_closings(seller)) == []


@pytest.mark.django_db
def test_what_is_recorded_late_is_of_the_first_day_that_is_still_open(seller: Seller) -> None:
    close_due(NOVEMBER)
    late = take(seller, at(dt.date(2026, 11, 8)))
    event, document = late.events.get(), Document.objects.get(order=late.order)
    assert event.at == at(dt.date(2026, 11, 10), 0)
    assert document.issued_on == dt.date(2026, 11, 10)
    assert list(broken_closings(seller)) == []
    assert close_due(at(dt.date(2026, 11, 11), 1)) == 1
    assert seller.till_closings.filter(kind="day").latest("number").received == event.amount


@pytest.mark.django_db
def test_the_database_refuses_what_is_of_a_closed_day_and_any_change_of_a_closing(seller: Seller) -> None:
    close_due(NOVEMBER)
    event = seller.payment_events.latest("sequence")
    document = Document.objects.filter(seller=seller).latest("pk")
    event.pk, event.sequence, event.at = None, event.sequence + 1, NOVEMBER - dt.timedelta(days=1)
    with pytest.raises(IntegrityError, match="is of a closed day"), transaction.atomic():
        event.save(force_insert=True)
    document.pk, document.sequence, document.number = None, 900, "FA-2026-00900"
    document.issued_on = dt.date(2026, 11, 9)
    with pytest.raises(IntegrityError, match="is of a closed day"), transaction.atomic():
        document.save(force_insert=True)
    assert list(broken_closings(seller)) == []


@pytest.mark.django_db
def test_a_seller_that_never_sold_has_nothing_to_close() -> None:
    quiet = make_seller()
    assert close_day(seller=quiet, now=NOVEMBER) == 0
    assert not PaymentChain.objects.filter(seller=quiet, closed_on__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("missed", [200, pytest.param(1_000, marks=pytest.mark.soak)])
def test_many_missed_days_take_few_queries_and_a_move_to_another_zone_leaves_no_hole(
    seller: Seller, missed: int
) -> None:
    first = dt.date(2026, 10, 10)
    close_due(at(first, 1))
    seller.timezone = "America/Guadeloupe"
    seller.save()
    with CaptureQueriesContext(connection) as asked:
        assert close_due(at(first + dt.timedelta(days=missed + 1))) > missed
    assert len(asked) < 80
    rows = list(seller.till_closings.filter(kind="day").order_by("number"))
    assert all(one.ends_at == two.starts_at for one, two in pairwise(rows))
    assert sum(row.count for row in rows) == seller.payment_events.count()
    assert list(broken_closings(seller)) == []


def forge(*statements: str) -> None:
    """Write behind the back of every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


EVENT = "seller_id = %(seller)s AND sequence = "
CLOSING = "seller_id = %(seller)s AND kind = '{}' AND number = "
FORGERIES = {
    "an event changed": ["UPDATE billing_paymentevent SET amount = amount + 1 WHERE " + EVENT + "2"],
    "an event removed": ["DELETE FROM billing_paymentevent WHERE " + EVENT + "3"],
    "the last event removed": ["DELETE FROM billing_paymentevent WHERE " + EVENT + "8"],
    "two events swapped": [
        "UPDATE billing_paymentevent SET sequence = 100 WHERE " + EVENT + "2",
        "UPDATE billing_paymentevent SET sequence = 2 WHERE " + EVENT + "3",
        "UPDATE billing_paymentevent SET sequence = 3 WHERE " + EVENT + "100",
    ],
    "an event moved to another day": [
        "UPDATE billing_paymentevent SET at = at - interval '1 day' WHERE " + EVENT + "5"
    ],
    **{
        f"a closing of a {kind} {what}": [
            statement.format(t="billing_tillclosing", n=CLOSING.format(kind)) for statement in statements
        ]
        for kind in ("day", "month")
        for what, statements in {
            "changed": ["UPDATE {t} SET received = received + 1 WHERE {n}2"],
            "with other perpetual totals": ["UPDATE {t} SET perpetual_refunded = 7 WHERE {n}2"],
            "with another split": ["UPDATE {t} SET vat = '[]' WHERE {n}1"],
            "removed": ["DELETE FROM {t} WHERE {n}1"],
            "removed at the end": [
                "DELETE FROM {t} WHERE {n}(SELECT max(number) FROM {t} AS o WHERE o.kind = {t}.kind"
                " AND o.seller_id = {t}.seller_id)"
            ],
            "signed by another key": ["UPDATE {t} SET signature = repeat('0', 64) WHERE {n}2"],
            "swapped with the next": [
                "UPDATE {t} SET number = 9000 WHERE {n}1",
                "UPDATE {t} SET number = 1 WHERE {n}2",
                "UPDATE {t} SET number = 2 WHERE {n}9000",
            ],
        }.items()
    },
    "the closing of the year changed": [
        "UPDATE billing_tillclosing SET invoiced = invoiced + 1 WHERE " + CLOSING.format("year") + "1"
    ],
    "the closing of the year removed": [
        "DELETE FROM billing_tillclosing WHERE " + CLOSING.format("year") + "1"
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOVEMBER, NEW_YEAR], ids=["november", "new year"])
def test_a_row_that_was_forged_removed_or_reordered_is_found(seller: Seller, now: dt.datetime) -> None:
    close_due(now)
    assert verify_chains(now) == 0
    for what, statements in FORGERIES.items():
        if ("year" in what) == (now == NEW_YEAR):
            before = transaction.savepoint()
            forge(*(statement % {"seller": seller.pk} for statement in statements))
            assert (what, verify_chains(now)) == (what, 1)
            assert TechnicalEvent.objects.filter(seller=seller, detail__startswith="broken").exists(), what
            if "event" in what and "moved" not in what:
                chain = PaymentChain.objects.get(seller=seller)
                last = seller.payment_events.order_by("-sequence").first()
                assert list(ledger.broken_links(seller)) or (last and last.hash) != chain.hash, what
            transaction.savepoint_rollback(before)  # the next forgery is another's


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)),
    st.integers(1, 40),
    st.sampled_from(["Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "Pacific/Auckland"]),
)
def test_days_touch_and_hold_every_instant_once(first: dt.date, number: int, name: str) -> None:
    zone = ZoneInfo(name)
    found = list(days(first, first + dt.timedelta(days=number), zone))
    assert [span.first_day for span in found] == [first + dt.timedelta(days=n) for n in range(number)]
    assert all(one.ends_at == two.starts_at for one, two in pairwise(found))
    for span in found:
        assert span.starts_at == midnight(span.first_day, zone)
        assert span.starts_at.astimezone(zone).date() == span.first_day
        assert (span.ends_at - dt.timedelta(microseconds=1)).astimezone(zone).date() == span.first_day
        assert dt.timedelta(hours=23) <= span.ends_at - span.starts_at <= dt.timedelta(hours=25)
    assert end_of_month(first).month == first.month != (end_of_month(first) + dt.timedelta(days=1)).month
    assert end_of_year(first) == dt.date(first.year, 12, 31)
