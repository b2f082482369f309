"""The demonstration's year closes: days, months, the year, FEC and report are what the raw rows come to.

Everything is added up anew here, one row after another, without a query or a sum of the application's.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoDbBlocker

from billing.accounting.books import entries_of
from billing.accounting.fec import fec
from billing.accounting.fec_reading import Row, problems, read
from billing.accounting.periods import Period
from billing.accounting.transit import transit_of
from billing.models import Document, PaymentEvent, Seller, TillClosing
from billing.till.closing import close_due
from cantine.audit.report import CHECKS
from cantine.demo import build, year
from cantine.report.metropole import reading
from cantine.report.metropole.term import Term
from cantine.roles import synchronise
from members.legal_pages import seed
from members.models import Page
from tests.lasting import lasting

pytestmark = [pytest.mark.soak, pytest.mark.django_db]
PARIS, ZERO = ZoneInfo("Europe/Paris"), Decimal("0.00")
NOW = dt.datetime(2027, 1, 4, 9, 0, tzinfo=PARIS)
PAST_DAYS = 400
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
BEFORE = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@dataclass
class Sums:
    """What some days of a seller come to."""

    count: int = 0
    received: Decimal = ZERO
    refunded: Decimal = ZERO
    methods: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    vat: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    documents: int = 0
    invoiced: Decimal = ZERO
    deducted: Decimal = ZERO
    credited: Decimal = ZERO
    earned: Decimal = ZERO
    """Excluding VAT, without advances."""

    def take(self, other: "Sums") -> None:
        """Add another one's."""
        for name in ("count", "received", "refunded", "documents", "invoiced", "deducted", "credited"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.earned += other.earned
        for mine, theirs in ((self.methods, other.methods), (self.vat, other.vat)):
            for key, amount in theirs.items():
                mine[key] += amount


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Seller]]:
    """The demonstration told from the first Monday of 2027, with all of 2026 behind it."""
    with (
        lasting(django_db_blocker),
        time_machine.travel(NOW, tick=False),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(year, "PAST_DAYS", PAST_DAYS)
        patch.setattr(build, "PAST_DAYS", PAST_DAYS)
        synchronise()
        seed(Page, dt.date(2020, 1, 1))
        build.build(password="un essai", now=NOW, tell=lambda _line: None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield list(Seller.objects.order_by("code"))


def by_day(seller: Seller) -> dict[dt.date, Sums]:
    """Every row of a seller, by its day."""
    found = defaultdict[dt.date, Sums](Sums)
    for event in PaymentEvent.objects.filter(seller=seller):
        sums = found[event.at.astimezone(PARIS).date()]
        back = event.kind.startswith("refund")
        amount = -event.amount if event.kind == "refund_failed" else event.amount
        sums.count += 1
        sums.received += ZERO if back else amount
        sums.refunded += amount if back else ZERO
        sums.methods[event.method] += -amount if back else amount
        for part in event.vat:
            sign = -1 if event.kind == "refund_succeeded" else 1
            sums.vat[part["rate"]] += sign * Decimal(part["incl"])
    rows = Document.objects.filter(seller=seller).select_related("corrects")
    for document in rows.prefetch_related("lines", "deductions"):
        sums = found[document.issued_on]
        lines = list(document.lines.all())
        incl = sum((line.amount_incl for line in lines), ZERO)
        excl = sum((line.amount_excl for line in lines), ZERO)
        credit = document.kind == "credit_note"
        sums.documents += 1
        sums.credited += incl if credit else ZERO
        sums.invoiced += ZERO if credit else incl
        sums.deducted += sum((row.base + row.vat for row in document.deductions.all()), ZERO)
        if (document.corrects or document).kind != "advance":
            sums.earned += -excl if credit else excl
    return found


def added(days: dict[dt.date, Sums], first: dt.date, last: dt.date) -> Sums:
    """The sums of a period."""
    whole = Sums()
    for day, sums in days.items():
        if first <= day <= last:
            whole.take(sums)
    return whole


def kept(rows: list[dict[str, str]]) -> dict[str, Decimal]:
    """The nets that a closing keeps by means or by rate."""
    nets = {row["code"]: Decimal(row["received"]) - Decimal(row["refunded"]) for row in rows}
    return {name: net for name, net in nets.items() if net}


def balances(rows: list[Row]) -> dict[tuple[str, str], Decimal]:
    """What lines of a FEC leave on each account and customer."""
    found = defaultdict[tuple[str, str], Decimal](Decimal)
    for row in rows:
        found[row.account, row.auxiliary] += row.debit - row.credit
    return {key: amount for key, amount in found.items() if amount}


def test_every_closing_is_the_sum_of_its_rows_and_of_all_before(lived: list[Seller]) -> None:
    for seller in lived:
        days = by_day(seller)
        for closing in TillClosing.objects.filter(seller=seller):
            mine, all_ = (added(days, first, closing.last_day) for first in (closing.first_day, dt.date.min))
            said = (closing.count, closing.received, closing.refunded, closing.documents)
            assert said == (mine.count, mine.received, mine.refunded, mine.documents), closing
            issued = (closing.invoiced, closing.deducted, closing.credited)
            assert issued == (mine.invoiced, mine.deducted, mine.credited), closing
            assert kept(closing.methods) == {key: sum_ for key, sum_ in mine.methods.items() if sum_}
            assert kept(closing.vat) == {key: sum_ for key, sum_ in mine.vat.items() if sum_}
            perpetual = closing.perpetual_count, closing.perpetual_received, closing.perpetual_refunded
            assert perpetual == (all_.count, all_.received, all_.refunded), closing


def test_the_year_has_its_days_and_months_and_nothing_is_left_to_close(
    lived: list[Seller],
) -> None:
    main = next(seller for seller in lived if seller.code == "nwx")
    closed = TillClosing.objects.filter(seller=main, first_day__year=2026)
    assert Counter(closed.values_list("kind", flat=True)) == {"day": 365, "month": 12, "year": 1}
    assert close_due(NOW) == 0
    for name, check in CHECKS:
        if name[0] in "345" and "file" not in name:
            assert list(check(NOW)) == [], name


def test_the_fec_the_report_and_the_closings_say_the_same_to_the_cent(lived: list[Seller]) -> None:
    told = {each.seller.code: each for each in reading.read(None, Term("year", YEAR.first), now=NOW).agreed}
    assert told.keys() == {seller.code for seller in lived}
    for seller in lived:
        rows, raw = read(fec(entries_of(seller, YEAR))), added(by_day(seller), YEAR.first, YEAR.last)
        assert list(problems(rows)) == []
        sales = [row for row in rows if row.journal == "VE"]
        earned = sum((row.credit - row.debit for row in sales if row.account[0] == "7"), ZERO)
        report = told[seller.code]
        assert earned == raw.earned == report.reported + report.elsewhere
        customers = [row for row in rows if row.account == "411000"]
        charged = sum((row.debit - row.credit for row in customers if row.journal == "VE"), ZERO)
        paid = sum((row.credit - row.debit for row in customers if row.journal in ("BQ", "CA")), ZERO)
        days = TillClosing.objects.filter(seller=seller, kind="day", first_day__year=2026)
        assert charged == sum((day.invoiced - day.deducted - day.credited for day in days), ZERO)
        assert paid == sum((day.received - day.refunded for day in days), ZERO) == report.closed
        assert (report.gap, report.till_gap) == (ZERO, ZERO)
        total = sum(row.debit for row in rows)
        print(  # noqa: T201 - figures for whoever runs it
            f"\n  {seller.code}: {len(days)} days closed, {len(rows)} lines of FEC, {total} each side;"
            f" revenue {earned}, charged {charged}, received {paid}"
        )


def test_the_year_opens_with_what_the_one_before_left_and_cards_in_transit_are_explained(
    lived: list[Seller],
) -> None:
    for seller in lived:
        before = balances(read(fec(entries_of(seller, BEFORE))))
        rows = read(fec(entries_of(seller, YEAR)))
        opened = balances([row for row in rows if row.journal == "AN"])
        result = sum((amount for (account, _), amount in before.items() if account[0] in "67"), ZERO)
        left = {key: amount for key, amount in before.items() if key[0][0] not in "67"}
        if result:
            left["120000" if result < 0 else "129000", ""] = result
        assert opened == left
        assert sum(opened.values(), ZERO) == ZERO
        transit = transit_of(seller, NOW)
        assert transit.gap == ZERO, transit
