"""Many people at the same instant through a web server's threads, each with a session and a form token."""

from collections import Counter
from collections.abc import Callable

import pytest
from pytest_django.live_server_helper import LiveServer

from bench.client import Answer, Browser, at_once
from bench.people import make_people
from billing.models import Order
from bookings.models import Booking, Occupancy
from tests.factories.places import Place, make_place

pytestmark = pytest.mark.django_db(transaction=True)


AT_ONCE = 16  # the test server's queue of connections is short


def race(server: LiveServer, place: Place, desk: str, number: int) -> Counter[int]:
    """Let `number` people post for a desk together; count what they are answered."""
    browsers = [Browser(server.thread.port, session) for session in make_people(number)]
    form = {"moment": "matin", "poste": desk}

    def job(browser: Browser) -> Callable[[], Answer]:
        def post() -> Answer:
            try:
                return browser.post(f"/essai/reserver/{place.day}/", form)
            finally:
                browser.close()

        return post

    answers = at_once([job(browser) for browser in browsers], together=AT_ONCE)
    return Counter(answer.status for answer in answers)


@pytest.mark.parametrize("people", [AT_ONCE, pytest.param(60, marks=pytest.mark.soak)])
def test_posts_for_one_desk_give_one_hold_and_polite_refusals_to_all_others(
    live_server: LiveServer, people: int
) -> None:
    assert race(live_server, make_place(), "2", people) == {302: 1, 409: people - 1}
    assert (Booking.objects.count(), Occupancy.objects.count(), Order.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(("desks", "people"), [(8, AT_ONCE), pytest.param(24, 40, marks=pytest.mark.soak)])
def test_posts_for_any_of_the_desks_fill_each_once(live_server: LiveServer, desks: int, people: int) -> None:
    found = race(live_server, make_place(desks=desks), "libre", people)
    assert found == {302: desks, 409: people - desks}
    assert Booking.objects.values("space").distinct().count() == Occupancy.objects.count() == desks
