"""An option that falls while others answer, ask and book: its place is had by one, never by two."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest

from billing.models import Order, Quote
from bookings.errors import AlreadyTaken
from bookings.errors_quote import DateGone, DateTaken
from bookings.models import Booking, RentalQuote, Site
from bookings.services.booking import book_space
from bookings.services.expiring import expire_options
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.second_rank import promote_due
from bookings.services.rentals.sending import send_quote, withdraw_quote
from cantine.audit.places import atoms_taken_twice, occupancies_without_an_active_booking
from cantine.audit.rentals import quotes_out_of_step
from members.models import Message
from tests.bookings.rentals.steps import WHO, Act, at_once, make_house_with_terms, offer_until
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, on
from tests.factories.rentals import make_draft

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = date(2026, 12, 7)


@pytest.fixture
def site() -> Site:
    return make_house_with_terms()


@pytest.fixture(params=[1, pytest.param(4, marks=pytest.mark.soak)])
def rounds(request: pytest.FixtureRequest) -> int:
    """How often it is tried: once in every run, more in the soak."""
    count: int = request.param
    return count


@pytest.fixture(autouse=True)
def _nobody_waits_for_a_deadlock(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert "deadlock" not in caplog.text


def lines(
    site: Site, rounds: int, *, behind: int, longer: timedelta = timedelta(0)
) -> Iterator[list[RentalQuote]]:
    """For some days, the quote that holds the hall and those that stand behind it, `longer` valid."""
    for number in range(rounds):
        period = on(FIRST + timedelta(days=number), time(14), time(17))
        rentals = [make_draft(site, period=period) for _each in range(behind + 1)]
        first, *rest = rentals
        offer_until(first, NOW + timedelta(days=3))
        for each in rest:
            offer_until(each, NOW + timedelta(days=3) + longer)
        yield [send_quote(rental=each, now=NOW, behind_options=True) for each in rentals]


def accepting(rental: RentalQuote, now: datetime = NOW) -> Act:
    return partial(accept_quote, rental=rental, evidence=WHO, now=now)


def refusing(rental: RentalQuote) -> Act:
    return partial(refuse_quote, rental=rental, reason="Non", now=NOW)


def states(rentals: list[RentalQuote]) -> list[str]:
    return [Quote.objects.get(pk=each.quote_id).state for each in rentals]


def holders(rentals: list[RentalQuote]) -> int:
    return Booking.objects.active().filter(rental_option__rental__in=rentals).count()


def nothing_is_wrong(now: datetime = NOW) -> None:
    wrong = [*atoms_taken_twice(), *occupancies_without_an_active_booking(), *quotes_out_of_step(now)]
    assert wrong == []


def test_an_option_that_falls_while_its_line_answers_is_had_by_one(site: Site, rounds: int) -> None:
    for line in lines(site, rounds, behind=2):
        first, second, third = line
        outcome = at_once(refusing(first), accepting(second), accepting(third), partial(promote_due, NOW))
        assert outcome[0] is None
        assert outcome[3] is None
        assert all(each is None or isinstance(each, DateGone) for each in outcome)
        promote_due(NOW)
        assert holders(line) == 1
        assert states(line).count("accepted") == sum(each is None for each in outcome[1:3]) <= 1
        nothing_is_wrong()
    assert Order.objects.count() == Quote.objects.filter(state="accepted").count()


def test_two_options_of_one_line_that_fall_at_once_pass_over_both(site: Site, rounds: int) -> None:
    for line in lines(site, rounds, behind=2):
        first, second, third = line
        outcome = at_once(
            partial(withdraw_quote, rental=first, now=NOW), refusing(second), partial(promote_due, NOW)
        )
        assert outcome == [None, None, None]
        promote_due(NOW)
        assert states(line) == ["withdrawn", "refused", "sent"]
        assert holders([third]) == holders(line) == 1
        nothing_is_wrong()


def test_an_option_that_runs_out_is_passed_on_once(site: Site, rounds: int) -> None:
    end = NOW + timedelta(days=3)
    for line in lines(site, rounds, behind=2, longer=timedelta(days=1)):
        assert (
            at_once(
                partial(expire_due, end),
                partial(expire_options, now=end),
                partial(promote_due, end),
                partial(promote_due, end),
            )
            == [None] * 4
        )
        promote_due(end)
        expire_due(end)
        assert states(line) == ["expired", "sent", "sent"]
        assert (holders(line[1:2]), holders(line)) == (1, 1)
        nothing_is_wrong(end)
    assert Message.objects.filter(template="rentals/quote_news", ids__news="promoted").count() == rounds


def test_a_hall_that_falls_free_is_the_lines_or_a_coworkers_never_both(site: Site, rounds: int) -> None:
    end, coworker = NOW + timedelta(days=3), make_customer()
    assert coworker.user is not None
    for line in lines(site, rounds, behind=1, longer=timedelta(days=1)):
        late = make_draft(site, period=line[0].period)
        offer_until(late, end + timedelta(days=1))
        hall = site.spaces.select_related("site").get(code="quai")
        outcome = at_once(
            partial(expire_due, end),
            partial(
                book_space, space=hall, period=line[0].period, customer=coworker, by=coworker.user, now=end
            ),
            partial(send_quote, rental=late, now=end),
        )
        assert outcome[0] is None
        assert all(each is None or isinstance(each, AlreadyTaken | DateTaken) for each in outcome)
        promote_due(end)
        assert Booking.objects.active().filter(during__overlap=line[0].taken_period.range).count() == 1
        nothing_is_wrong(end)
