"""Balances, cancellations and payments at the same instant: one outcome, and no cent is lost."""

from datetime import date
from functools import partial

import pytest

from billing.models import Document, Order, Refund
from billing.settlement.services import take_at_desk
from bookings.models import Booking, RentalCancellation
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from cantine.audit.rentals import rentals_that_ended_otherwise
from members.legal_pages import seed
from members.models import Message, Page
from tests.bookings.rentals.steps import AFTER, HALL, at_once, make_accepted, pay_advance, state
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_rented_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _terms() -> None:
    seed(Page, date(2020, 1, 1))


@pytest.fixture(params=[1, pytest.param(4, marks=pytest.mark.soak)])
def rounds(request: pytest.FixtureRequest) -> int:
    """How often it is tried: once in every run, more in the soak."""
    count: int = request.param
    return count


def test_a_balance_made_by_many_at_once_is_one_final_invoice() -> None:
    rental = make_accepted(make_rented_house())
    pay_advance(rental)
    acts = [lambda: make_balance(rental=rental, lines=[HALL], by=None, now=AFTER)] * 5
    assert at_once(*acts) == [None] * 5
    assert Document.objects.filter(kind="final").count() == 1
    assert Order.objects.count() == 2
    assert Message.objects.filter(ids__news="done").count() == 1


def test_cancelling_against_the_payment_of_the_advance_leaves_no_money_behind(rounds: int) -> None:
    manager = make_user(role="manager")
    for _each in range(rounds):
        rental = make_accepted(make_rented_house())
        order = Order.objects.get(quote=rental.quote_id)
        outcome = at_once(
            partial(cancel_rental, rental=rental, by=None, now=NOW),
            partial(take_at_desk, order=order, method="cash", by=manager, now=NOW),
        )
        assert outcome[0] is None
        assert state(rental) == "cancelled"
        assert Booking.objects.get(rental_option__rental=rental).state == "cancelled"
        refunds = [each.amount for each in Refund.objects.filter(payment__order=order)]
        assert refunds == ([] if outcome[1] else [order.total])
        assert order.documents.filter(kind="credit_note").count() == len(refunds)


def test_cancelled_against_its_balance_it_ends_one_way_or_first_the_one_then_the_other() -> None:
    rental = make_accepted(make_rented_house())
    pay_advance(rental)
    outcome = at_once(
        lambda: cancel_rental(rental=rental, by=None, now=NOW),
        lambda: make_balance(rental=rental, lines=[HALL], by=None, now=NOW, before_end=True),
    )
    called_off, balanced = (each is None for each in outcome)
    assert called_off  # before the day even what was balanced may be: its invoice is then credited
    assert RentalCancellation.objects.count() == 1
    assert Document.objects.filter(kind="final").count() == balanced
    assert list(rentals_that_ended_otherwise()) == []
