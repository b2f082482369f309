"""Answers, expiry, new versions and options at the same instant: one wins, the others are told."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import pytest

from billing.models import Document, Order, Quote
from billing.quotes.accepting import Evidence
from billing.settlement.expiry import expire_due as expire_orders
from billing.settlement.services import take_at_desk
from bookings.errors import AlreadyTaken
from bookings.errors_quote import (
    DateTaken,
    NotStanding,
    OptionBefore,
    QuoteOver,
    QuoteSuperseded,
    QuoteWithdrawn,
)
from bookings.models import Booking, Occupancy, RentalQuote, RentalRequest
from bookings.services.expiring import expire_options
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.quoting import draft_quote
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.sending import send_quote, withdraw_quote
from members.errors import Refused
from members.legal_pages import seed
from members.models import Page
from tests.bookings.rentals.steps import Act, at_once
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_draft, make_rented_house, make_sent

pytestmark = pytest.mark.django_db(transaction=True)
WHO = Evidence(name="Maud Essai", function="présidente", ip=None, agent="")


@pytest.fixture(autouse=True)
def _terms() -> None:
    seed(Page, date(2020, 1, 1))


@pytest.fixture(params=[1, pytest.param(4, marks=pytest.mark.soak)])
def rounds(request: pytest.FixtureRequest) -> int:
    """How often it is tried: once in every run, more in the soak."""
    count: int = request.param
    return count


def accepting(rental: RentalQuote, now: datetime = NOW) -> Act:
    return lambda: accept_quote(rental=rental, evidence=WHO, now=now)


def state_of(rental: RentalQuote) -> str:
    return Quote.objects.get(pk=rental.quote_id).state


def test_accepted_many_times_at_once_is_accepted_once() -> None:
    rental = make_sent()
    assert at_once(*[accepting(rental)] * 6) == [None] * 6
    assert (state_of(rental), Order.objects.count()) == ("accepted", 1)


def test_acceptance_against_expiry_has_one_winner(rounds: int) -> None:
    for _each in range(rounds):
        rental = make_sent()
        end = rental.quote.valid_until
        outcome = at_once(
            accepting(rental, NOW),
            partial(expire_due, end),
            partial(expire_options, now=end),
        )
        held = Booking.objects.get(rental_option__rental=rental).state
        if state_of(rental) == "accepted":
            assert outcome[0] is None
            assert held == "held"
        else:
            assert isinstance(outcome[0], QuoteOver)
            assert (state_of(rental), held) == ("expired", "expired")


@pytest.mark.parametrize(
    ("rival", "told", "ends"),
    [
        (lambda rental: withdraw_quote(rental=rental, now=NOW), QuoteWithdrawn, "withdrawn"),
        (lambda rental: refuse_quote(rental=rental, reason="Non", now=NOW), NotStanding, "refused"),
        (lambda rental: withdraw_request(request=rental.request, now=NOW), NotStanding, "refused"),
    ],
)
def test_acceptance_against_taking_back_has_one_winner(
    rival: Callable[[RentalQuote], object], told: type[Refused], ends: str, rounds: int
) -> None:
    for _each in range(rounds):
        rental = make_sent()
        mine, theirs = at_once(accepting(rental), partial(rival, rental))
        assert (mine is None) != (theirs is None)
        if mine is None:
            assert state_of(rental) == "accepted"
            assert Booking.objects.get(rental_option__rental=rental).state == "held"
        else:
            assert isinstance(mine, told)
            assert state_of(rental) == ends
            assert not Occupancy.objects.filter(booking__rental_option__rental=rental).exists()


def test_acceptance_against_a_newer_version_has_one_winner(rounds: int) -> None:
    for _each in range(rounds):
        first = make_sent()
        second = draft_quote(request=first.request, by=None, now=NOW)
        mine, theirs = at_once(accepting(first), partial(send_quote, rental=second, now=NOW))
        assert (mine is None) != (theirs is None)
        if mine is None:
            assert (state_of(first), state_of(second)) == ("accepted", "draft")
        else:
            assert isinstance(mine, QuoteSuperseded)
            assert (state_of(first), state_of(second)) == ("superseded", "sent")
        standing = Booking.objects.active().filter(rental_option__rental__request=first.request)
        assert standing.count() == 1


def test_of_many_quotes_for_one_hall_one_holds_it() -> None:
    site = make_rented_house()
    drafts = [make_draft(site) for _each in range(5)]
    refused = at_once(*[partial(send_quote, rental=draft, now=NOW) for draft in drafts])
    assert sum(each is None for each in refused) == 1
    assert all(each is None or isinstance(each, DateTaken | AlreadyTaken) for each in refused)
    assert sorted(state_of(each) for each in drafts) == ["draft"] * 4 + ["sent"]
    assert RentalRequest.objects.filter(state="quoted").count() == 1
    assert Occupancy.objects.count() == 1


def test_of_many_behind_an_option_the_next_in_line_gets_the_date() -> None:
    site = make_rented_house()
    first = make_sent(site)
    others = [send_quote(rental=make_draft(site), now=NOW, behind_options=True) for _each in range(3)]
    refuse_quote(rental=first, reason="Non", now=NOW)
    refused = at_once(*[accepting(each) for each in others])
    assert [type(each) for each in refused] == [type(None), OptionBefore, OptionBefore]
    assert [state_of(each) for each in others] == ["accepted", "sent", "sent"]
    assert Order.objects.count() == 1


def test_a_late_advance_against_its_expiry_ends_one_way(rounds: int) -> None:
    for _each in range(rounds):
        rental = make_sent()
        order = accept_quote(rental=rental, evidence=WHO, now=NOW).quote.advance_order
        assert order is not None
        assert order.expires_at is not None
        late, manager = order.expires_at, make_user(role="manager")
        outcome = at_once(
            partial(take_at_desk, order=order, method="transfer", by=manager, now=late),
            partial(expire_orders, late),
        )
        assert outcome == [None, None]
        assert Booking.objects.get(rental_option__rental=rental).state == "confirmed"
        assert Document.objects.get(order=order).kind == "advance"
