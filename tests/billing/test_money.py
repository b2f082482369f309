"""Arithmetic: the vectors of the accountant's sheet, and what must hold for every price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import (
    Priced,
    from_excl,
    line_amount,
    line_amounts,
    round2,
    share,
    share_discount,
    split_incl,
    total_of,
    vat_by_rate,
)

D = Decimal
RATES = [D("20.00"), D("10.00"), D("5.50"), D("0.00")]
cents = st.integers(min_value=0, max_value=5_000_000).map(lambda value: D(value) / 100)
priced = st.builds(Priced, amount=cents, rate=st.sampled_from(RATES), basis=st.sampled_from(["ttc", "ht"]))


def ht(amount: str, rate: str) -> Priced:
    return Priced(D(amount), D(rate), "ht")


def test_v1_three_rates_on_one_document() -> None:
    rows = vat_by_rate([ht("37.92", "5.5"), ht("210.50", "20"), ht("87.27", "10")])
    assert [row.amounts.vat for row in rows] == [D("42.10"), D("8.73"), D("2.09")]
    total = total_of(rows)
    assert (total.excl, total.vat, total.incl) == (D("335.69"), D("52.92"), D("388.61"))


def test_v2_a_discount_on_a_line() -> None:
    discount = round2(D("85.50") * D("0.15"))
    assert discount == D("12.83")
    rows = vat_by_rate([ht(str(D("85.50") - discount), "20"), ht("37.92", "5.5")])
    assert [row.amounts.vat for row in rows] == [D("14.53"), D("2.09")]
    assert total_of(rows).excl == D("110.59")
    assert total_of(rows).incl == D("127.21")


def test_v3_a_discount_on_the_document_is_shared_by_rate() -> None:
    bases = [D("210.50"), D("87.27"), D("37.92")]
    shares = share_discount(round2(sum(bases, D(0)) * D("0.10")), bases)
    assert shares == [D("21.05"), D("8.73"), D("3.79")]
    left = [base - part for base, part in zip(bases, shares, strict=True)]
    assert left == [D("189.45"), D("78.54"), D("34.13")]
    rows = vat_by_rate([ht(str(base), rate) for base, rate in zip(left, ["20", "10", "5.5"], strict=True)])
    assert [row.amounts.vat for row in rows] == [D("37.89"), D("7.85"), D("1.88")]
    assert total_of(rows).incl == D("349.74")


def test_v4_vat_is_rounded_once_a_rate_and_not_once_a_line() -> None:
    rows = vat_by_rate([ht("3.33", "20")] * 7)
    total = total_of(rows)
    assert (total.excl, total.vat, total.incl) == (D("23.31"), D("4.66"), D("27.97"))
    assert round2(D("0.125")) == D("0.13")
    assert round2(D("2.675")) == D("2.68")


@pytest.mark.parametrize(
    ("incl", "excl", "vat"),
    [
        ("9.99", "8.33", "1.66"),
        ("25.00", "20.83", "4.17"),
        ("250.00", "208.33", "41.67"),
        ("12.50", "10.42", "2.08"),
    ],
)
def test_v5_prices_that_include_vat_keep_their_total(incl: str, excl: str, vat: str) -> None:
    amounts = split_incl(D(incl), D("20"))
    assert (amounts.excl, amounts.vat, amounts.incl) == (D(excl), D(vat), D(incl))


def test_a_quantity_is_multiplied_before_it_is_rounded() -> None:
    assert line_amount(D("2.5"), D("15.005")) == D("37.51")


@given(incl=cents, rate=st.sampled_from(RATES))
def test_a_split_adds_up_and_its_vat_is_right_to_the_cent(incl: Decimal, rate: Decimal) -> None:
    amounts = split_incl(incl, rate)
    assert amounts.excl + amounts.vat == incl
    assert abs(amounts.vat - round2(amounts.excl * rate / 100)) <= D("0.01")


@given(excl=cents, rate=st.sampled_from(RATES))
def test_vat_added_is_never_below_the_base(excl: Decimal, rate: Decimal) -> None:
    amounts = from_excl(excl, rate)
    assert amounts.incl == amounts.excl + amounts.vat >= excl


@given(total=cents, weights=st.lists(cents, min_size=1, max_size=8))
def test_shares_always_add_up(total: Decimal, weights: list[Decimal]) -> None:
    parts = share(total, weights)
    assert sum(parts, D(0)) == total
    assert len(parts) == len(weights)


@given(lines=st.lists(priced, min_size=1, max_size=8))
def test_lines_add_up_to_the_rates_of_their_document(lines: list[Priced]) -> None:
    amounts, rows = line_amounts(lines), vat_by_rate(lines)
    for row in rows:
        mine = [part for line, part in zip(lines, amounts, strict=True) if line.rate == row.rate]
        assert sum((part.vat for part in mine), D(0)) == row.amounts.vat
        assert sum((part.incl for part in mine), D(0)) == row.amounts.incl
    assert all(part.excl + part.vat == part.incl for part in amounts)
    assert all(
        part.incl == line.amount for line, part in zip(lines, amounts, strict=True) if line.basis == "ttc"
    )
