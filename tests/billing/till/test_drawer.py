"""A drawer expects what was counted last, with the cash taken, given back and moved since."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.books import entries_of, sums_by_account
from billing.accounting.periods import Period
from billing.errors import CashReasonMissing, CorrectionDoesNotFit, NothingMoved
from billing.models import CashCount, CashMovement, Seller
from billing.till.drawer import CENTS, count_cash, drawer_of, move_cash, sum_of
from tests.billing.till.test_closing import at, give_back, take
from tests.factories.billing import make_seller
from tests.factories.members import make_user

DAY = dt.date(2026, 11, 24)
D = Decimal


def count(seller: Seller, counted: str, hour: int) -> CashCount:
    return count_cash(
        seller=seller,
        site_code="essai",
        counted=D(counted),
        by=make_user(role="manager"),
        now=at(DAY, hour),
        denominations={2000: 3, 50: 0},
    )


@pytest.mark.django_db
def test_what_is_expected_follows_cash_refunds_and_movements_since_the_last_count() -> None:
    seller, by = make_seller(), make_user(role="manager")
    take(seller, at(DAY, 8), price="500.00")
    first = count(seller, "80.00", 9)
    assert (first.expected, first.difference) == (None, D(0))
    assert first.denominations == {"2000": 3}
    paid = take(seller, at(DAY, 10))
    take(seller, at(DAY, 10), method="terminal")
    give_back(paid, "6.00", at(DAY, 11))
    where = {"seller": seller, "site_code": "essai", "by": by, "now": at(DAY, 11)}
    move_cash(**where, kind="banked", amount=D("60.00"))  # type: ignore[arg-type]
    move_cash(**where, kind="float", amount=D("20.00"))  # type: ignore[arg-type]
    move_cash(**where, kind="fix", amount=D("-1.00"), reason="Rouleau déchiré")  # type: ignore[arg-type]
    assert drawer_of(seller=seller, site_code="essai").expected == D("69.00")
    assert drawer_of(seller=seller, site_code="ailleurs").expected is None
    short, over = count(seller, "68.50", 18), count(seller, "70.00", 19)
    assert [short.difference, over.expected, over.difference] == [D("-0.50"), D("68.50"), D("1.50")]
    sums = sums_by_account(entries_of(seller, Period(DAY, DAY)))
    # The first count found 80 of the 500 taken: the bank had the rest. What was counted last is there.
    assert sums["530000"].balance == D("70.00")
    assert sums["512000"].balance == D("460.00")
    assert (sums["658000"].balance, sums["758000"].balance) == (D("1.50"), D("-1.50"))


@pytest.mark.django_db
def test_a_mistyped_movement_is_put_right_on_its_own_account_and_is_no_income() -> None:
    seller = make_seller()
    count(seller, "400.00", 9)
    where = {"seller": seller, "site_code": "essai", "by": make_user(), "now": at(DAY, 10)}
    wrong = move_cash(**where, kind="banked", amount=D("300.00"))  # type: ignore[arg-type]
    right: Any = {**where, "corrects": wrong, "reason": "Tapé 300 pour 30"}
    made = move_cash(**right, kind="fix", amount=D("270.00"))
    assert drawer_of(seller=seller, site_code="essai").expected == D("370.00")
    entries = entries_of(seller, Period(DAY, DAY))
    sums = {number: each.balance for number, each in sums_by_account(entries).items()}
    assert sums == {"512000": D("-370.00"), "530000": D("370.00")}  # the float came from the bank
    assert entries[-1].entry.label == f"Correction de CA-{wrong.pk:05d} par CA-{made.pk:05d}"
    for more in (
        {"amount": D("30.01"), "kind": "fix"},
        {"amount": D("1.00"), "kind": "float"},
        {"amount": D("1.00"), "kind": "fix", "site_code": "ailleurs"},
        {"amount": D("1.00"), "kind": "fix", "corrects": made},
    ):
        with pytest.raises(CorrectionDoesNotFit):
            move_cash(**{**right, **more})


@pytest.mark.django_db
def test_a_movement_of_nothing_or_a_correction_without_a_reason_is_refused() -> None:
    where = {"seller": make_seller(), "site_code": "essai", "by": make_user(), "now": at(DAY)}
    for kind, amount, reason, refusal in (
        ("banked", "-5", "", NothingMoved),
        ("float", "0", "", NothingMoved),
        ("fix", "-1", " ", CashReasonMissing),
    ):
        with pytest.raises(refusal):
            move_cash(**where, kind=kind, amount=D(amount), reason=reason)  # type: ignore[arg-type]
    assert not CashMovement.objects.exists()


@given(st.dictionaries(st.sampled_from(CENTS), st.integers(0, 500)))
def test_notes_and_coins_make_their_sum_to_the_cent(pieces: dict[int, int]) -> None:
    assert sum_of(pieces) * 100 == sum(cents * number for cents, number in pieces.items())
    assert -sum_of(pieces).as_tuple().exponent <= 2  # type: ignore[operator]
