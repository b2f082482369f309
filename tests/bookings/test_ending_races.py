"""Balances made at the same instant: one final invoice."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from billing.models import Document, Order
from bookings.services.rentals.balancing import make_balance
from members.legal_pages import seed
from members.models import Message, Page
from tests.bookings.test_balancing import AFTER, HALL, make_accepted, pay
from tests.bookings.test_quoting_races import at_once
from tests.factories.bookings import NOW
from tests.factories.rentals import make_rented_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        seed(Page, date(2020, 1, 1))
        yield


def test_a_balance_made_by_many_at_once_is_one_final_invoice() -> None:
    rental = make_accepted(make_rented_house())
    pay(rental)
    acts = [lambda: make_balance(rental=rental, lines=[HALL], by=None, now=AFTER)] * 5
    assert at_once(*acts) == [None] * 5
    assert Document.objects.filter(kind="final").count() == 1
    assert Order.objects.count() == 2
    assert Message.objects.filter(ids__news="done").count() == 1
