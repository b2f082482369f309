"""Entries from facts alone: V13 and its twin with VAT on receipts, what balances, what is rounded."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.books import Numbered, books, numbered, sums_by_account, sums_by_journal
from billing.accounting.chart import Chart
from billing.accounting.facts import (
    Auxiliary,
    CashFact,
    DisputeFact,
    DocumentFact,
    DrawerFact,
    Fact,
    MoneyFact,
    PayoutFact,
    Rated,
    RemittanceFact,
    VatDueFact,
    WriteOffFact,
)
from billing.accounting.receipts import Step, Waiting, vat_due
from billing.money import ZERO, split_incl

D = Decimal
START = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
CLIENT, COUNTER = Auxiliary("C0001", "Client"), Auxiliary("C0000", "Comptoir")
V13 = """
VE 1  411000 C0001 100,00 0,00 | 706000 0,00 83,33 | 445710 0,00 16,67
BQ 2  511700 100,00 0,00 | 411000 C0001 0,00 100,00
BQ 3  512000 98,25 0,00 | 627000 1,75 0,00 | 511700 0,00 100,00
VE 4  706000 50,00 0,00 | 445710 10,00 0,00 | 411000 C0001 0,00 60,00
BQ 5  411000 C0001 60,00 0,00 | 511700 0,00 60,00
VE 6  411000 C0000 9,99 0,00 | 706000 0,00 8,33 | 445710 0,00 1,66
CA 7  530000 9,99 0,00 | 411000 C0000 0,00 9,99
"""
TWIN = """
VE 1  411000 C0001 100,00 0,00 | 706000 0,00 83,33 | 445870 0,00 16,67
BQ 2  511700 100,00 0,00 | 411000 C0001 0,00 100,00
OD 3  445870 16,67 0,00 | 445710 0,00 16,67
BQ 4  512000 98,25 0,00 | 627000 1,75 0,00 | 511700 0,00 100,00
VE 5  706000 50,00 0,00 | 445870 10,00 0,00 | 411000 C0001 0,00 60,00
BQ 6  411000 C0001 60,00 0,00 | 511700 0,00 60,00
OD 7  445710 10,00 0,00 | 445870 0,00 10,00
VE 8  411000 C0000 9,99 0,00 | 706000 0,00 8,33 | 445870 0,00 1,66
CA 9  530000 9,99 0,00 | 411000 C0000 0,00 9,99
OD 10  445870 1,66 0,00 | 445710 0,00 1,66
"""


def at(hour: int) -> dt.datetime:
    return START + dt.timedelta(hours=hour)


def day(hour: int) -> dt.date:
    return at(hour).date()


def sale(hour: int, number: str, customer: Auxiliary, incl: str, **more: bool) -> DocumentFact:
    amounts = split_incl(D(incl), D(20))
    vat = [Rated(D(20), amounts.excl, amounts.vat)]
    return DocumentFact(at(hour), day(hour), number, customer, {"706000": amounts.excl}, vat, **more)  # type: ignore[arg-type]  # flags


def money(hour: int, moved: str, method: str, amount: str, customer: Auxiliary) -> MoneyFact:
    return MoneyFact(moved, at(hour), day(hour), day(hour), f"RG-{hour}", method, D(amount), customer)  # type: ignore[arg-type]  # a literal


def a_week(*, on_debits: bool) -> list[Fact]:
    """What V13 tells."""
    return [
        sale(1, "FA-1", CLIENT, "100.00", on_debits=on_debits),
        money(1, "received", "card", "100.00", CLIENT),
        PayoutFact(at(2), day(2), "po_1", D("100.00"), D("1.75"), D("98.25")),
        sale(3, "AV-1", CLIENT, "60.00", credit=True, on_debits=on_debits),
        money(4, "refunded", "card", "60.00", CLIENT),
        sale(5, "FA-2", COUNTER, "9.99", on_debits=on_debits),
        money(5, "received", "cash", "9.99", COUNTER),
    ]


def told(entries: Sequence[Numbered]) -> list[str]:
    return [
        f"{each.entry.journal} {each.number}  "
        + " | ".join(
            f"{line.account.number}{f' {line.auxiliary.code}' if line.auxiliary else ''} "
            + f"{line.debit:.2f} {line.credit:.2f}".replace(".", ",")
            for line in each.entry.lines
        )
        for each in entries
    ]


def test_v13_to_the_cent() -> None:
    entries = numbered(a_week(on_debits=True), Chart())
    assert told(entries) == V13.strip().split("\n")
    journals = sums_by_journal(entries)
    assert {name: sums.debit for name, sums in journals.items()} == {
        "VE": D("169.99"),
        "BQ": D("260.00"),
        "CA": D("9.99"),
    }
    assert sum(sums.debit for sums in journals.values()) == D("439.98")
    assert sum(sums.credit for sums in journals.values()) == D("439.98")


def test_cash_goes_to_the_bank_and_a_float_comes_from_it() -> None:
    moved = [CashFact(at(1), day(1), "CA-1", D("-50.00")), CashFact(at(2), day(2), "CA-2", D("20.00"))]
    assert told(numbered(moved, Chart())) == [
        "CA 1  512000 50,00 0,00 | 530000 0,00 50,00",
        "CA 2  530000 20,00 0,00 | 512000 0,00 20,00",
    ]


def test_a_drawer_with_too_much_or_too_little_is_income_or_a_charge() -> None:
    found = [DrawerFact(at(1), day(1), "CC-1", D("2.00")), DrawerFact(at(2), day(2), "CC-2", D("-0.50"))]
    assert told(numbered(found, Chart())) == [
        "CA 1  530000 2,00 0,00 | 758000 0,00 2,00",
        "CA 2  658000 0,50 0,00 | 530000 0,00 0,50",
    ]


def test_cheques_and_terminal_takings_reach_the_bank_and_one_withdrawn_comes_back() -> None:
    def given(hour: int, method: str, amount: str, fees: str) -> RemittanceFact:
        return RemittanceFact(at(hour), day(hour), day(hour), f"RM-{hour}", method, D(amount), D(fees))

    facts = [given(1, "cheque", "55.00", "0"), given(2, "terminal", "40.00", "0.60")]
    facts.append(given(3, "cheque", "-55.00", "0"))
    assert told(numbered(facts, Chart())) == [
        "BQ 1  512000 55,00 0,00 | 511200 0,00 55,00",
        "BQ 2  512000 39,40 0,00 | 627000 0,60 0,00 | 511500 0,00 40,00",
        "BQ 3  511200 55,00 0,00 | 512000 0,00 55,00",
    ]


def test_a_dispute_takes_the_payment_back_its_fee_is_the_payouts_and_one_won_is_given_back() -> None:
    facts: list[Fact] = [
        money(1, "received", "card", "36.00", CLIENT),
        money(1, "received", "card", "50.00", CLIENT),
        # 36 + 50 − 36, with 20 of fees for that.
        PayoutFact(at(2), day(2), "po_1", D("50.00"), D("20.79"), D("29.21")),
        DisputeFact(at(2), day(2), "dp_1", D("36.00"), CLIENT),
        PayoutFact(at(3), day(3), "po_2", D("36.00"), D("0"), D("36.00")),
        DisputeFact(at(3), day(3), "dp_1", D("-36.00"), CLIENT),
    ]
    entries = numbered(facts, Chart())
    assert told(entries)[2:4] == [
        "BQ 3  512000 29,21 0,00 | 627000 20,79 0,00 | 511700 0,00 50,00",
        "BQ 4  416000 C0001 36,00 0,00 | 511700 0,00 36,00",
    ]
    accounts = sums_by_account(entries[:4])
    assert (accounts["511700"].balance, accounts["416000"].balance) == (D("0.00"), D("36.00"))
    assert told(entries)[5] == "BQ 6  511700 36,00 0,00 | 416000 C0001 0,00 36,00"
    assert sums_by_account(entries)["416000"].balance == 0
    vat = [Rated(D("20.00"), D("30.00"), D("6.00"))]
    given_up = WriteOffFact(at(4), day(4), day(4), "PE-00001", D("36.00"), vat, CLIENT)
    whole = WriteOffFact(at(4), day(4), day(4), "PE-00001", D("36.00"), [], None)
    assert told(numbered([given_up, whole], Chart())) == [
        "OD 1  654000 30,00 0,00 | 445710 6,00 0,00 | 416000 C0001 0,00 36,00",
        "OD 2  654000 36,00 0,00 | 416000 0,00 36,00",
    ]


def test_v13_with_vat_on_receipts_waits_for_the_money_and_goes_back_with_it() -> None:
    waiting = {
        1: Waiting("FA-1", D("100.00"), {D(20): (D("83.33"), D("16.67"))}),
        2: Waiting("AV-1", D("60.00"), {D(20): (D("50.00"), D("10.00"))}),
        3: Waiting("FA-2", D("9.99"), {D(20): (D("8.33"), D("1.66"))}),
    }
    steps = [
        Step(at(1), 1, 1, D("100.00")),
        Step(at(4), 2, 2, D("60.00"), refund=1),
        Step(at(5), 3, 3, D("9.99")),
    ]
    entries = numbered([*a_week(on_debits=False), *vat_due(waiting, steps, dt.UTC)], Chart())
    assert told(entries) == TWIN.strip().split("\n")
    accounts = sums_by_account(entries)
    assert (accounts["445870"].balance, accounts["445710"].balance) == (ZERO, D("-8.33"))


def test_a_final_invoice_has_its_revenue_in_full_and_takes_the_advance_and_its_vat_off() -> None:
    advance = DocumentFact(
        at(1),
        day(1),
        "AC-1",
        CLIENT,
        {"419100": D(360)},
        [Rated(D(20), D(360), D(72))],
        of_advance=True,
    )
    final = DocumentFact(
        at(2),
        day(2),
        "FS-1",
        CLIENT,
        {"708300": D(1200)},
        [Rated(D(20), D(1200), D(240))],
        deducted=[Rated(D(20), D(360), D(72))],
    )
    assert told(numbered([advance, final], Chart())) == [
        "VE 1  411000 C0001 432,00 0,00 | 419100 0,00 360,00 | 445710 0,00 72,00",
        "VE 2  411000 C0001 1008,00 0,00 | 419100 360,00 0,00 | 445710 72,00 0,00"
        " | 708300 0,00 1200,00 | 445710 0,00 240,00",
    ]


def test_a_refund_that_came_back_is_owed_again_and_its_vat_due_again() -> None:
    credit = {2: Waiting("AV-1", D("60.00"), {D(20): (D("50.00"), D("10.00"))})}
    steps = [
        Step(at(1), 1, 2, D("60.00"), refund=7),
        Step(at(2), 2, 2, D("60.00"), refund=7, returned=True),
        Step(at(3), 3, 2, D("60.00"), refund=8),
    ]
    found = vat_due(credit, steps, dt.UTC)
    assert [fact.amounts[0].vat for fact in found] == [D(-10), D(10), D(-10)]


cents = st.integers(1, 500_000).map(lambda number: D(number) / 100)
rates = st.sampled_from([D(20), D(10), D("5.5"), D("2.1"), D(0)])
rated = st.lists(st.tuples(rates, cents), min_size=1, max_size=4)


def rows(pairs: list[tuple[Decimal, Decimal]]) -> list[Rated]:
    amounts = [(rate, split_incl(incl, rate)) for rate, incl in pairs]
    return [Rated(rate, each.excl, each.vat) for rate, each in amounts]


@given(rated, rated, st.booleans(), st.booleans(), st.booleans(), cents, cents)
def test_debits_are_credits_whatever_the_fact(
    sold: list[tuple[Decimal, Decimal]],
    off: list[tuple[Decimal, Decimal]],
    credit: bool,
    advance: bool,
    on_debits: bool,
    net: Decimal,
    fees: Decimal,
) -> None:
    vat = rows(sold)
    revenue = {f"70{number}000": row.base for number, row in enumerate(vat)}
    facts: list[Fact] = [
        DocumentFact(at(1), day(1), "D", CLIENT, revenue, vat, rows(off), credit, advance, on_debits),
        PayoutFact(at(2), day(2), "po", net + fees, fees, net),
        VatDueFact(at(3), day(3), "D", vat),
        *(money(4, moved, "cash", str(net), CLIENT) for moved in ("received", "refunded", "returned")),
    ]
    for each in numbered(facts, Chart()):
        assert each.entry.debit == each.entry.credit
        assert all(line.debit >= 0 and line.credit >= 0 for line in each.entry.lines)


@given(st.lists(st.tuples(st.sampled_from([D(20), D(10), D(0)]), cents), min_size=1, max_size=3), st.data())
def test_once_all_is_paid_no_vat_waits_and_what_was_due_is_what_was_invoiced(
    sold: list[tuple[Decimal, Decimal]], data: st.DataObject
) -> None:
    by_rate: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for row in rows(sold):
        base, vat = by_rate.get(row.rate, (ZERO, ZERO))
        by_rate[row.rate] = (base + row.base, vat + row.vat)
    invoiced, left = dict(by_rate), sum((base + vat for base, vat in by_rate.values()), ZERO)
    document, steps = Waiting("D", left, by_rate), list[Step]()
    while left:
        part = min(left, data.draw(cents)) if len(steps) < 5 else left
        steps.append(Step(at(len(steps)), len(steps), 1, part))
        left -= part
    found = vat_due({1: document}, steps, dt.UTC)
    for rate, (_base, vat) in invoiced.items():
        due = sum((row.vat for fact in found for row in fact.amounts if row.rate == rate), ZERO)
        assert due == vat
    assert all(pair == (ZERO, ZERO) for pair in document.by_rate.values())


def test_a_year_opens_with_what_the_one_before_left_and_its_result() -> None:
    later: list[Fact] = [
        sale(24 * 70, "FA-3", COUNTER, "12.00"),
        money(24 * 70, "received", "cash", "12.00", COUNTER),
    ]
    facts: list[Fact] = [*a_week(on_debits=True), *later]
    found = books(facts, Chart(), starts_in=1, last=dt.date(2029, 1, 1), zone=dt.UTC)
    first, second, third, fourth = found.values()
    assert told(first) == V13.strip().split("\n")
    assert told(second)[0] == (
        "AN 1  512000 98,25 0,00 | 530000 9,99 0,00 | 120000 0,00 39,91 | 445710 0,00 8,33"
        " | 511700 0,00 60,00"
    )
    assert [each.entry.journal for each in second[1:]] == ["VE", "CA"]
    assert told(third) == [
        "AN 1  512000 98,25 0,00 | 530000 21,99 0,00 | 120000 0,00 10,00 | 120000 0,00 39,91"
        " | 445710 0,00 10,33 | 511700 0,00 60,00"
    ]
    assert sums_by_account(fourth) == sums_by_account(third)


@given(st.lists(st.tuples(st.integers(0, 24 * 900), cents), min_size=1, max_size=8), st.integers(1, 12))
def test_whatever_was_sold_each_year_opens_balanced_with_the_balances_of_all_time(
    sold: list[tuple[int, Decimal]], starts_in: int
) -> None:
    facts: list[Fact] = []
    for hour, amount in sold:
        facts += [
            sale(hour, f"FA-{hour}", CLIENT, str(amount)),
            money(hour, "received", "cheque", str(amount), CLIENT),
        ]
    found = books(facts, Chart(), starts_in=starts_in, last=dt.date(2030, 1, 1), zone=dt.UTC)
    for entries in found.values():
        for each in entries:
            assert each.entry.debit == each.entry.credit
    ends = sums_by_account(list(found.values())[-1])
    whole = sums_by_account(numbered(facts, Chart()))
    assert all(
        ends[number].balance == whole[number].balance for number in ("445710", "511200") if number in ends
    )
    results = sum((each.balance for number, each in ends.items() if number[0] in "167"), ZERO)
    assert results == sum((each.balance for number, each in whole.items() if number[0] in "67"), ZERO)
