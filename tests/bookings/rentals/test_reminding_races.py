"""Two workers and a manager at once: a rental is reminded once, and has one room."""

from datetime import datetime, time

import pytest

from bookings.models import Occupancy, RentalQuote
from bookings.services.rentals.reminding import remind_due
from bookings.services.rentals.staying import move_rental
from bookings.services.rentals.thanking import thank_due
from members.models import Message
from tests.bookings.rentals.steps import at_once, make_accepted, make_house_with_terms, pay_advance
from tests.factories.bookings import PARIS, on
from tests.factories.rentals import DAY

pytestmark = pytest.mark.django_db(transaction=True)
DUE = datetime(DAY.year, DAY.month, DAY.day - 3, 9, tzinfo=PARIS)
MORNING_AFTER = datetime(DAY.year, DAY.month, DAY.day + 1, 9, tzinfo=PARIS)


@pytest.fixture
def rental() -> RentalQuote:
    rental = make_accepted(make_house_with_terms())
    pay_advance(rental)
    return rental


def test_two_workers_remind_and_thank_once(rental: RentalQuote) -> None:
    at_once(lambda: remind_due(DUE), lambda: remind_due(DUE))
    at_once(lambda: thank_due(MORNING_AFTER), lambda: thank_due(MORNING_AFTER))
    for name in ("reminder", "thanks"):
        assert Message.objects.filter(template=f"rentals/{name}").count() == 1


def test_moved_twice_at_once_it_has_one_time(rental: RentalQuote) -> None:
    def move(starts: int) -> None:
        period = on(DAY, time(starts), time(starts + 4), PARIS)
        move_rental(rental=rental, period=period, spaces={}, now=DUE)

    assert at_once(lambda: move(15), lambda: move(17)) == [None, None]
    assert Occupancy.objects.count() == 1
    assert Occupancy.objects.get().during == Occupancy.objects.get().booking.during
