"""The same form sent many times at once, on real connections: it asks once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from bookings.models import RentalRequest
from bookings.services.rentals.requesting import Asked, Who, request_rental, withdraw_request
from members.errors import WrongState
from members.models import Message
from tests.factories.bookings import NOW, on
from tests.factories.rentals import DAY, make_rental_request, make_rented_house

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def test_a_form_sent_many_times_at_once_asks_once() -> None:
    site, barrier = make_rented_house(), Barrier(AT_ONCE)
    asked = Asked(
        site=site,
        space=site.spaces.get(code="quai"),
        period=on(DAY, time(14), time(18)),
        people=10,
        purpose="Une assemblée.",
    )

    def send(_number: int) -> int:
        try:
            barrier.wait(timeout=10)
            who = Who(name="Maud Essai", email="maud@cantine.example")
            return request_rental(asked=asked, who=who, now=NOW, form_token="jeton").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert len(set(pool.map(send, range(AT_ONCE)))) == 1
    assert RentalRequest.objects.count() == 1
    assert Message.objects.filter(template="rentals/received").count() == 1


def test_a_request_is_withdrawn_once() -> None:
    request, barrier = make_rental_request(make_rented_house()), Barrier(AT_ONCE)

    def withdraw(_number: int) -> bool:
        try:
            barrier.wait(timeout=10)
            withdraw_request(request=request, now=NOW)
        except WrongState:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(withdraw, range(AT_ONCE))) == 1
    assert Message.objects.filter(template="rentals/withdrawn").count() == 1
