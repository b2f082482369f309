"""The hall at one instant: options of quotes, a booking, an event. One has it, the others are told."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial

import pytest

from billing.models import Customer, Order, Quote
from bookings.errors import AlreadyTaken
from bookings.errors_quote import DateTaken, OptionInTheWay
from bookings.models import Booking, Occupancy, RentalQuote, Site, Space
from bookings.services.booking import book_space
from bookings.services.rentals.sending import send_quote
from cantine.audit.report import findings
from events.errors import RoomTaken
from events.models import Event
from events.services.publishing import publish_event
from members.errors import Refused
from members.legal_pages import seed
from members.models import Message, Page, User
from tests.bookings.rentals.steps import at_once
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, on
from tests.factories.events import make_event
from tests.factories.members import make_user
from tests.factories.rentals import make_draft, make_rented_house

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = date(2026, 12, 7)
"""A Monday."""
ROUNDS = pytest.mark.parametrize("rounds", [1, pytest.param(2, marks=pytest.mark.soak)])


@pytest.fixture
def site() -> Site:
    seed(Page, date(2020, 1, 1))
    return make_rented_house()


@pytest.fixture(autouse=True)
def _nobody_waits_for_a_deadlock(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert "deadlock" not in caplog.text


def clean() -> None:
    """Every invariant holds."""
    assert {found.name: found.details for found in findings(NOW) if found.details} == {}


def draft_on(site: Site, day: date) -> RentalQuote:
    return make_draft(site, period=on(day, time(14), time(17)))


def event_on(site: Site, day: date, by: User) -> Event:
    period, hall = on(day, time(15), time(17)), site.spaces.get(code="quai")
    return make_event(
        site=site, by=by, state="draft", space=hall, starts_at=period.start, ends_at=period.end, now=NOW
    )


def booking_on(site: Site, day: date, customer: Customer) -> Callable[[], Booking]:
    hall = Space.objects.select_related("site").get(site=site, code="quai")
    assert customer.user is not None
    return partial(
        book_space,
        space=hall,
        period=on(day, time(14), time(16)),
        customer=customer,
        by=customer.user,
        now=NOW,
    )


@ROUNDS
def test_an_option_a_booking_an_event_and_another_quote_for_the_hall_have_one_winner(
    site: Site, rounds: int
) -> None:
    volunteer = make_user(role="volunteer")
    for day in (FIRST + timedelta(days=number) for number in range(rounds)):
        quotes, event = [draft_on(site, day) for _each in range(2)], event_on(site, day, volunteer)
        before = Message.objects.count(), Order.objects.count()
        told = at_once(
            *(partial(send_quote, rental=each, now=NOW) for each in quotes),
            booking_on(site, day, make_customer()),
            partial(publish_event, event=event, by=volunteer, now=NOW),
        )
        (winner,) = (number for number, refused in enumerate(told) if refused is None)
        they_are_told_what_else_is_possible(told)
        assert Occupancy.objects.filter(during__overlap=on(day, time(0), time(23)).range).count() == 1
        assert [is_sent(each) for each in quotes] == [winner == 0, winner == 1]
        event.refresh_from_db()
        assert (event.state, event.rooms.count()) == (("published", 1) if winner == 3 else ("draft", 0))
        assert Order.objects.count() - before[1] == (winner == 2)
        assert Message.objects.count() - before[0] == (winner < 2)
        clean()


def they_are_told_what_else_is_possible(told: list[Refused | None]) -> None:
    for number, refused in enumerate(told):
        if refused is None:
            continue
        kind = (DateTaken, DateTaken, AlreadyTaken, RoomTaken)[number]
        assert isinstance(refused, kind)
        assert str(refused.message)
        assert number == 2 or str(refused.instead)


def is_sent(rental: RentalQuote) -> bool:
    return Quote.objects.get(pk=rental.quote_id).state == Quote.State.SENT


@ROUNDS
def test_quotes_that_may_stand_in_line_race_for_the_option_and_for_each_place_behind_it(
    site: Site, rounds: int
) -> None:
    volunteer = make_user(role="volunteer")
    for day in (FIRST + timedelta(days=number) for number in range(rounds)):
        quotes, event = [draft_on(site, day) for _each in range(3)], event_on(site, day, volunteer)
        *told, published = at_once(
            *(partial(send_quote, rental=each, now=NOW, behind_options=True) for each in quotes),
            partial(publish_event, event=event, by=volunteer, now=NOW),
        )
        rows = RentalQuote.objects.filter(pk__in=[each.pk for each in quotes], quote__state="sent")
        if published is None:
            assert all(type(refused) is DateTaken for refused in told)
            assert not rows.exists()
        else:
            assert told == [None] * 3
            assert sorted(rows.values_list("shares_date", flat=True)) == [False, True, True]
        assert Occupancy.objects.filter(during__overlap=on(day, time(0), time(23)).range).count() == 1
        clean()


def test_without_the_managers_say_a_quote_is_refused_behind_an_option(site: Site) -> None:
    first, second = draft_on(site, FIRST), draft_on(site, FIRST)
    told = at_once(*(partial(send_quote, rental=each, now=NOW) for each in (first, second)))
    (refused,) = (each for each in told if each is not None)
    assert isinstance(refused, OptionInTheWay)
    assert "second rang" in str(refused.instead)
