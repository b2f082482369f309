"""The books of a small year made by use cases: entries, FEC, VAT, revenue and debts, against the raw rows."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from billing.accounting.books import (
    books_of,
    books_over,
    entries_of,
    facts_of,
    sums_by_account,
    sums_by_journal,
)
from billing.accounting.fec import archive, fec, file_name
from billing.accounting.fec_reading import problems, read
from billing.accounting.periods import Period, fiscal_year
from billing.accounting.receivables import by_age, receivables
from billing.accounting.revenue import revenue
from billing.accounting.summing_vat import settled
from billing.accounting.vat import by_rate, vat_lines
from billing.models import (
    Account,
    Document,
    DocumentDeduction,
    DocumentLine,
    DocumentVat,
    PaymentEvent,
    Seller,
)
from billing.settlement.services import reverse_line
from billing.till.closing import close_due
from billing.till.drawer import move_cash
from cantine.audit.books import books_out_of_step
from cantine.roles import synchronise
from tests.billing.accounting.year import day, make_books, make_mixed, make_pass
from tests.billing.collecting.steps import enter, make_due
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
D = Decimal
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
Books = tuple[Seller, Seller]


@pytest.fixture(scope="module", autouse=True)
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Books]:
    """The same year of a seller on debits, and of one on receipts."""
    with lasting(django_db_blocker):
        synchronise()
        yield make_books(), make_books(vat_on_debits=False)


@pytest.fixture
def on_debits(lived: Books) -> Seller:
    return Seller.objects.get(pk=lived[0].pk)


@pytest.fixture
def on_receipts(lived: Books) -> Seller:
    return Seller.objects.get(pk=lived[1].pk)


def balances(seller: Seller, period: Period = YEAR) -> dict[str, Decimal]:
    found = sums_by_account(entries_of(seller, period))
    return {number: sums.balance for number, sums in found.items() if sums.balance}


def test_the_year_ends_with_what_was_sold_what_is_owed_and_what_lies_where(on_debits: Seller) -> None:
    assert balances(on_debits) == {
        "411000": D("24.00"),
        "511200": D("55.00"),
        "511500": D("40.00"),
        "512000": D("1452.00"),
        "530000": D("9.99"),
        "445710": D("-254.33"),
        "445711": D("-2.00"),
        "706000": D("-91.66"),
        "708300": D("-1200.00"),
        "758000": D("-33.00"),
    }


def test_on_receipts_only_what_is_unpaid_waits_and_its_other_accounts_are_the_same(
    on_debits: Seller, on_receipts: Seller
) -> None:
    mine, theirs = balances(on_receipts), balances(on_debits)
    assert mine.pop("445870") == D("-4.00")  # of the 36.00 of which 12.00 were paid
    assert mine.pop("445710") == theirs.pop("445710") + D("4.00")
    assert mine == theirs
    halfway = balances(on_receipts, Period(YEAR.first, day(20).date()))
    assert halfway["445870"] == D("-168.00")  # the final invoice, before its first payment


def test_another_choice_of_the_seller_changes_no_entry_before_it(on_receipts: Seller) -> None:
    before = fec(entries_of(on_receipts, YEAR))
    on_receipts.vat_on_debits = True
    on_receipts.save()
    assert fec(entries_of(on_receipts, YEAR)) == before


def test_the_fec_is_as_the_law_has_it(on_debits: Seller, on_receipts: Seller) -> None:
    for seller in (on_debits, on_receipts):
        entries = entries_of(seller, YEAR)
        content = fec(entries)
        rows = read(content)
        assert list(problems(rows)) == []
        assert sum(row.debit for row in rows) == sum(row.credit for row in rows)
        assert all(bool(row.auxiliary) == (row.account == "411000") for row in rows)
        assert 'Zoé Œuvrard - "l\'Été" €'.encode("iso8859-15") in content
    box = zipfile.ZipFile(io.BytesIO(archive(on_debits, YEAR, entries_of(on_debits, YEAR))))
    assert box.namelist() == ["732829320FEC20261231.txt", "732829320FEC20261231-description.txt"]
    assert b"du 01/01/2026 au 31/12/2026" in box.read(box.namelist()[1])


def test_what_was_taken_to_the_bank_is_in_the_drawer_no_more(on_debits: Seller) -> None:
    by, now = make_user(role="manager"), day(100)
    move_cash(seller=on_debits, site_code="essai", kind="banked", amount=D("9.99"), by=by, now=now)
    assert "530000" not in balances(on_debits)
    assert balances(on_debits)["512000"] == D("1461.99")


def test_a_part_of_the_year_keeps_its_numbers(on_debits: Seller) -> None:
    whole = entries_of(on_debits, YEAR)
    part = entries_of(on_debits, Period(day(10).date(), day(21).date()))
    assert part
    assert [each for each in whole if each in part] == part
    assert list(problems(read(fec(part)), first=part[0].number)) == []
    assert file_name(on_debits, day(21).date()) == "732829320FEC20260323.txt"


def test_the_sales_journal_and_the_money_are_those_of_the_rows(on_debits: Seller) -> None:
    journals = sums_by_journal(entries_of(on_debits, YEAR))
    charged = sum(each.total_incl for each in Document.objects.filter(seller=on_debits))
    assert journals["VE"].debit == charged  # each document in full, whichever side its parts are on
    moved = PaymentEvent.objects.filter(seller=on_debits)
    cash = sum(each.amount for each in moved if each.method == "cash")
    assert journals["CA"].debit == cash
    assert journals["BQ"].debit == sum(each.amount for each in moved) - cash
    assert list(books_out_of_step(day(300))) == []


def test_the_year_closes_and_its_closings_say_what_the_books_and_the_rows_say(on_debits: Seller) -> None:
    close_due(dt.datetime(2027, 1, 2, 1, tzinfo=dt.UTC))
    closed = on_debits.till_closings.filter(last_day__lte=YEAR.last)
    days = list(closed.filter(kind="day"))
    assert (len(days), closed.filter(kind="month").count()) == (305, 10)  # from 2 March on
    customers = {"VE": D(0), "BQ": D(0), "CA": D(0)}
    for each in entries_of(on_debits, YEAR):
        for line in each.entry.lines:
            if line.account.number == "411000":
                customers[each.entry.journal] += line.debit - line.credit
    whole = closed.get(kind="year")
    charged = whole.invoiced - whole.deducted - whole.credited
    assert charged == sum(day.invoiced - day.deducted - day.credited for day in days) == customers["VE"]
    assert whole.net == sum(day.net for day in days) == -customers["BQ"] - customers["CA"]
    moved = PaymentEvent.objects.filter(seller=on_debits)
    assert whole.net == sum(-row.amount if row.kind == "refund_succeeded" else row.amount for row in moved)


def test_vat_is_that_of_the_documents_and_of_the_accounts_on_either_basis(
    on_debits: Seller, on_receipts: Seller
) -> None:
    for seller in (on_debits, on_receipts):
        rows = {row.rate: row for row in by_rate(vat_lines(facts_of(seller, YEAR)))}
        accounts = balances(seller)
        assert rows[D("20.00")].vat == -accounts["445710"]
        assert rows[D("10.00")].vat == -accounts["445711"] == D("2.00")
        assert (rows[D("0.00")].base, rows[D("0.00")].vat) == (D("33.00"), D("0.00"))
    raw = D(0)
    for row in DocumentVat.objects.filter(document__seller=on_debits).select_related("document"):
        raw += -row.vat if row.document.kind == "credit_note" else row.vat
    raw -= sum(row.vat for row in DocumentDeduction.objects.filter(document__seller=on_debits))
    assert sum(row.vat for row in by_rate(vat_lines(facts_of(on_debits, YEAR)))) == raw


def test_revenue_is_that_of_the_lines_and_of_the_revenue_accounts(on_debits: Seller) -> None:
    raw: dict[str, Decimal] = {}
    for line in DocumentLine.objects.filter(document__seller=on_debits).select_related("document", "product"):
        if line.document.kind != "advance":
            sign = -1 if line.document.kind == "credit_note" else 1
            name = line.product.report_category
            raw[name] = raw.get(name, D(0)) + sign * line.amount_excl
    found = revenue(on_debits, YEAR)
    assert {name: sum(months.values()) for name, months in found.items()} == raw
    earned = -sum(amount for number, amount in balances(on_debits).items() if number.startswith("7"))
    assert sum(raw.values()) == earned
    assert found["carnets"] == {dt.date(2026, 3, 1): D("33.33")}


def test_debts_are_those_of_the_day_asked_by_age(on_debits: Seller) -> None:
    for on, age, left in (
        (dt.date(2026, 4, 1), "a-venir", "36.00"),
        (dt.date(2026, 5, 1), "a-venir", "24.00"),
        (dt.date(2026, 5, 31), "30", "24.00"),
        (dt.date(2026, 6, 1), "60", "24.00"),
        (dt.date(2026, 12, 31), "plus", "24.00"),
    ):
        found = {name: amount for name, amount in by_age(receivables(on_debits, on), on).items() if amount}
        assert (on, found) == (on, {age: D(left)})


def test_accounts_of_the_seller_replace_the_usual_ones(on_debits: Seller) -> None:
    Account.objects.create(seller=on_debits, role="bank", number="512100", label="Banque du lieu")
    Account.objects.create(seller=on_debits, role="vat", rate=D(10), number="445720", label="TVA à 10 %")
    found = balances(on_debits)
    assert (found["512100"], found["445720"]) == (D("1452.00"), D("-2.00"))
    assert "512000" not in found


def test_a_fiscal_year_may_begin_in_september_and_numbers_anew(on_debits: Seller) -> None:
    assert fiscal_year(dt.date(2026, 8, 31), 9) == Period(dt.date(2025, 9, 1), dt.date(2026, 8, 31))
    on_debits.fiscal_year_starts_in = 4
    on_debits.save()
    numbers = [each.number for each in entries_of(on_debits, YEAR)]
    first = [each.number for each in entries_of(on_debits, Period(YEAR.first, dt.date(2026, 3, 31)))]
    assert numbers == [*first, *range(2, len(numbers) - len(first) + 2)]  # 1 opens the second year
    opened = entries_of(on_debits, Period(dt.date(2026, 4, 1), YEAR.last))
    assert (opened[0].number, opened[0].entry.journal) == (1, "AN")
    content = fec(opened)
    assert list(problems(read(content))) == []
    assert b"AN\t\xc0-nouveaux\t1\t20260401\t" in content
    assert list(books_out_of_step(day(500))) == []
    kept = {number: amount for number, amount in balances(on_debits).items() if number[0] not in "67"}
    later = balances(on_debits, Period(dt.date(2026, 4, 1), YEAR.last))
    assert {number: later[number] for number in kept} == kept


@pytest.mark.parametrize(
    ("basis", "starts_in"),
    [
        ("on_debits", 1),
        ("on_receipts", 4),
        pytest.param("on_debits", 4, marks=pytest.mark.soak),
        pytest.param("on_receipts", 1, marks=pytest.mark.soak),
    ],
)
def test_years_summed_before_open_as_those_derived(
    basis: str, starts_in: int, request: pytest.FixtureRequest
) -> None:
    seller, by = request.getfixturevalue(basis), make_user(role="manager")
    seller.fiscal_year_starts_in = starts_in
    seller.save()
    odd = make_due(day(50), "100.01", seller=seller)
    enter(odd, "33.34", now=day(51), by=by)
    with transaction.atomic():  # set against what is unpaid: the order of both decides the cents
        reverse_line(line=odd.order.lines.get(), kept=D("50.00"), by=by, now=day(52))
    for later, amount in ((day(400), "-9.00"), (day(1000), "3.00")):  # a year of loss, and one without a fact
        kept: dict[str, Any] = {
            "site_code": "essai",
            "kind": "fix",
            "reason": "Essai",
            "by": by,
            "now": later,
        }
        move_cash(seller=seller, amount=D(amount), **kept)
    last = day(1400).date()
    derived = books_of(seller, last)
    assert len(derived) == (4 if starts_in == 1 else 5)
    summed = {each.number for each in settled(seller, day(400))}
    assert len(summed) == (0 if basis == "on_debits" else 6)
    assert odd.number not in summed
    assert {"120000", "129000"} <= sums_by_account(list(derived.values())[-2]).keys()
    for year, entries in derived.items():
        whole = Period(year.first, min(year.last, last))
        if year.first <= day(1000).date():
            assert books_over(seller, whole) == {year: entries}


def test_a_period_without_an_end_stops_at_the_year_of_today_or_of_the_last_entry(on_debits: Seller) -> None:
    assert entries_of(on_debits, Period(dt.date(1, 1, 1), dt.date(9000, 1, 1))) == entries_of(on_debits, YEAR)


def test_a_real_seller_has_no_specimen_in_its_books(on_debits: Seller) -> None:
    on_debits.specimen = True
    on_debits.save()
    make_mixed(on_debits, make_user(role="manager"))
    assert any(each.entry.piece.startswith("SPECIMEN") for each in entries_of(on_debits, YEAR))
    on_debits.specimen = False
    on_debits.save()
    assert not any(each.entry.piece.startswith("SPECIMEN") for each in entries_of(on_debits, YEAR))


@pytest.mark.parametrize("basis", ["on_debits", "on_receipts"])
def test_entries_are_read_in_as_many_queries_whatever_their_number(
    basis: str, request: pytest.FixtureRequest
) -> None:
    seller = request.getfixturevalue(basis)
    with CaptureQueriesContext(connection) as before:
        entries_of(seller, YEAR)
    by = make_user(role="manager")
    for _again in range(3):
        make_pass(seller, by)
    with CaptureQueriesContext(connection) as after:
        entries_of(seller, YEAR)
    assert len(after) == len(before)
