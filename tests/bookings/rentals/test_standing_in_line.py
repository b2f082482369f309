"""An option with two quotes behind it: who stands next gets it, both sides are told, nobody overtakes."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
import time_machine
from django.db import InternalError, transaction

from billing.models import Order, Quote
from billing.settlement.services import cancel_order
from bookings.errors_quote import DateGone, OptionBefore
from bookings.models import Booking, RentalQuote
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.quoting import What, draft_quote
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.second_rank import promote_due
from bookings.services.rentals.sending import close_request, send_quote, withdraw_quote
from cantine.audit.rentals import quotes_out_of_step
from tests.bookings.rentals.steps import BEHIND, HELD, accept, behind, offer_until, refuse, states, told
from tests.factories.bookings import NOW, on
from tests.factories.rentals import DAY, make_rented_house, make_sent

pytestmark = pytest.mark.django_db
Line = tuple[RentalQuote, RentalQuote, RentalQuote]


@pytest.fixture(scope="module")
def line_once(house: int) -> tuple[int, int, int]:
    with time_machine.travel(NOW, tick=False):
        site = make_rented_house()
        return make_sent(site).pk, behind(site).pk, behind(site).pk


@pytest.fixture
def line(line_once: tuple[int, int, int]) -> Line:
    """The quote that holds the hall, and two that stand behind it."""
    first, second, third = (RentalQuote.objects.told().get(pk=pk) for pk in line_once)
    return first, second, third


def shares_date(rental: RentalQuote) -> bool:
    return RentalQuote.objects.get(pk=rental.pk).shares_date


def withdraw(rental: RentalQuote) -> None:
    withdraw_quote(rental=rental, now=NOW)


def take_request_back(rental: RentalQuote) -> None:
    withdraw_request(request=rental.request, now=NOW)


def file(rental: RentalQuote) -> None:
    close_request(request=rental.request, reason="silent", now=NOW)


def accept_and_cancel(rental: RentalQuote) -> None:
    cancel_rental(rental=accept(rental), by=None, now=NOW)


def accept_and_give_up(rental: RentalQuote) -> None:
    order = accept(rental).quote.advance_order
    assert order is not None
    cancel_order(order=order, by=None, now=NOW)


@pytest.mark.parametrize(
    "falls", [refuse, withdraw, take_request_back, file, accept_and_cancel, accept_and_give_up]
)
def test_the_option_goes_to_the_next_in_line_and_both_are_told(
    line: Line, falls: Callable[[RentalQuote], None]
) -> None:
    first, second, third = line
    falls(first)
    assert (states(second), states(third)) == (HELD, BEHIND)
    assert (shares_date(second), shares_date(third)) == (False, True)
    booking = Booking.objects.get(rental_option__rental=second)
    assert (booking.held_until, booking.period) == (second.quote.valid_until, second.taken_period)
    assert {"quote_news:promoted", "quote_desk:promoted"} <= told(second)
    assert told(third) == {"quote:quote"}
    assert list(quotes_out_of_step(NOW)) == []


def test_who_stands_last_answers_once_both_before_have_fallen(line: Line) -> None:
    first, second, third = line
    refuse(first)
    with pytest.raises(OptionBefore):
        accept(third)
    refuse(second)
    accept(third)
    assert states(third) == ("accepted", "won", ["held"])


def test_a_new_version_keeps_its_place_before_the_line(line: Line) -> None:
    first, second, _third = line
    again = send_quote(rental=draft_quote(request=first.request, by=None, now=NOW), now=NOW)
    assert (states(again), states(second)) == (HELD, BEHIND)
    moved = draft_quote(request=first.request, by=None, now=NOW)
    what = What([first.request.site.spaces.get(code="quai")], on(DAY + timedelta(days=1), time(14), time(18)))
    offer_until(moved, moved.quote.valid_until, what)
    send_quote(rental=moved, now=NOW)
    assert (states(moved), states(second)) == (HELD, HELD)


def test_a_space_out_of_order_is_no_option_and_keeps_nobody_from_refusing(line: Line) -> None:
    first, second, _third = line
    first.request.site.spaces.filter(code="quai").update(out_of_order_reason="Fuite")
    refuse(first)
    assert (states(first)[0], states(second)) == ("refused", BEHIND)
    first.request.site.spaces.filter(code="quai").update(out_of_order_reason="")
    assert promote_due(NOW) == 1
    assert states(second) == HELD


def test_rank_is_given_up_never_taken_and_nothing_else_changes_once_sent(line: Line) -> None:
    first, second, _third = line
    for rental, change in (
        (first, {"shares_date": True}),
        (second, {"shares_date": False, "scale": [[1, 1]]}),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            RentalQuote.objects.filter(pk=rental.pk).update(**change)


def test_who_stands_behind_is_told_so_and_refused_in_words_while_the_option_stands(line: Line) -> None:
    _first, second, _third = line
    with pytest.raises(DateGone) as refused:
        accept(second)
    assert isinstance(refused.value, OptionBefore)
    assert "écrivons" in str(refused.value.instead)
    assert not Order.objects.exists()
    assert Quote.objects.get(pk=second.quote_id).state == "sent"
