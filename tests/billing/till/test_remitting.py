"""What was taken at the desk reaches the bank once; what was entered by mistake is taken back once."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from billing.accounting.books import entries_of, sums_by_account
from billing.accounting.periods import Period
from billing.models import PaymentEvent, Remittance, RemittedEvent, Seller
from billing.till.errors import (
    NothingRemitted,
    RemittanceDoesNotAddUp,
    RemittanceInTheFuture,
    RemittancesBegun,
    RemittanceWithdrawn,
    TakingAlreadyRemitted,
)
from billing.till.remitting import (
    keys_waiting,
    remit,
    remit_past,
    total,
    unremitted_sum,
    waiting,
    withdraw_remittance,
)
from tests.billing.till.test_closing import at, give_back, take
from tests.factories.billing import make_seller
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 24)
D = Decimal


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seller]:
    """Two cheques, of which one was given back since; two days of the terminal, with a part given back."""
    with lasting(django_db_blocker):
        made = make_seller()
        give_back(take(made, at(DAY, 8), price="55.00", method="cheque"), "5.00", at(DAY, 9))
        take(made, at(DAY, 9), price="20.00", method="cheque")
        give_back(take(made, at(DAY, 10), price="40.00", method="terminal"), "10.00", at(DAY, 12))
        take(made, at(DAY + dt.timedelta(days=1)), method="terminal")
        take(made, at(DAY, 11))
        yield made


@pytest.fixture
def seller(lived: Seller) -> Seller:
    return Seller.objects.get(pk=lived.pk)


def given(
    seller: Seller, method: str, keys: list[str], amount: str, fees: str = "0", **more: Any
) -> Remittance:
    said: dict[str, Any] = {
        "received_on": DAY,
        "by": make_user(),
        "now": at(DAY, 20),
        "reference": "",
        **more,
    }
    return remit(seller=seller, method=method, keys=keys, amount=D(amount), fees=D(fees), **said)


def balances(seller: Seller) -> dict[str, Decimal]:
    found = sums_by_account(entries_of(seller, Period(DAY, DAY + dt.timedelta(days=9))))
    return {
        number: found[number].balance
        for number in ("511200", "511500", "512000", "627000")
        if number in found
    }


def test_terminal_takings_less_the_banks_fees_and_a_slip_of_cheques_reach_the_account(
    seller: Seller,
) -> None:
    (day, later), (one, other) = waiting(seller, "terminal"), waiting(seller, "cheque")
    assert [day.amount, later.amount, one.amount, other.amount] == [D(30), D(36), D(55), D(20)]
    given(seller, "terminal", [day.key], "29.70", "0.30")
    given(seller, "cheque", [one.key, other.key], "75.00")
    assert waiting(seller, "cheque") == []
    assert total(waiting(seller, "terminal")) == unremitted_sum(seller, "terminal") == D(36)
    # Five euros of a cheque were given back from the bank, as `GIVEN_BACK` has it.
    assert balances(seller) == {"511200": D(0), "511500": D(36), "512000": D("99.70"), "627000": D("0.30")}


def test_what_waits_is_listed_from_the_newest_and_only_what_is_chosen_is_read(seller: Seller) -> None:
    for method in ("terminal", "cheque"):
        keys = [each.key for each in waiting(seller, method)]
        assert [f"{key}" for key in keys_waiting(seller, method)] == keys[::-1]
        assert [each.key for each in waiting(seller, method, [keys[-1], "0", "9" * 30, "x"])] == keys[-1:]
    with CaptureQueriesContext(connection) as asked:
        given(seller, "cheque", keys[-1:], "20.00")
    read = [row["sql"] for row in asked if 'FROM "billing_paymentevent"' in row["sql"]]
    assert len(read) == 1
    assert f'"billing_paymentevent"."id" IN ({keys[-1]})' in read[0]


def test_what_precedes_the_first_remittance_is_brought_forward_in_one_and_once(seller: Seller) -> None:
    said: dict[str, Any] = {"seller": seller, "method": "terminal", "reference": "", "by": make_user()}
    for before, refusal in ((1, RemittanceInTheFuture), (0, NothingRemitted)):
        with pytest.raises(refusal):
            remit_past(**said, before=DAY + dt.timedelta(days=before), now=at(DAY, 20))
    made = remit_past(**said, before=DAY + dt.timedelta(days=1), now=at(DAY + dt.timedelta(days=1), 20))
    assert (made.amount, made.received_on, made.contents.count()) == (D(30), DAY, 2)
    assert total(waiting(seller, "terminal")) == D(36)
    with pytest.raises(RemittancesBegun):
        remit_past(**said, before=DAY + dt.timedelta(days=2), now=at(DAY + dt.timedelta(days=2), 20))


def test_one_withdrawn_is_written_the_other_way_round_and_what_it_held_waits_again(seller: Seller) -> None:
    before, keys = balances(seller), [each.key for each in waiting(seller, "cheque")]
    made = given(seller, "cheque", keys, "75.00")
    withdraw_remittance(remittance=made, by=make_user(), now=at(DAY, 21))
    assert balances(seller) == before
    assert [each.key for each in waiting(seller, "cheque")] == keys
    with pytest.raises(RemittanceWithdrawn):
        withdraw_remittance(remittance=made, by=make_user(), now=at(DAY, 22))
    assert given(seller, "cheque", keys, "75.00", now=at(DAY, 23)).contents.count() == 2


def test_what_does_not_add_up_is_gone_or_is_to_come_is_refused_and_writes_nothing(
    seller: Seller,
) -> None:
    key = waiting(seller, "cheque")[0].key
    tomorrow = {"received_on": DAY + dt.timedelta(days=1)}
    for keys, amount, fees, more, refusal in (
        ([key], "54.00", "0", {}, RemittanceDoesNotAddUp),
        ([], "55.00", "0", {}, NothingRemitted),
        ([key, "0"], "55.00", "0", {}, TakingAlreadyRemitted),
        ([key], "55.00", "0", tomorrow, RemittanceInTheFuture),
    ):
        with pytest.raises(refusal):
            given(seller, "cheque", keys, amount, fees, **more)
    assert not Remittance.objects.exists()
    made = given(seller, "cheque", [key], "55.00")
    with pytest.raises(TakingAlreadyRemitted):
        given(seller, "cheque", [key], "55.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        RemittedEvent.objects.create(remittance=made, event=PaymentEvent.objects.get(pk=int(key)))
