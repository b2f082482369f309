"""The places of the tests' house, and a refusal that writes nothing."""

from collections.abc import Callable

import pytest

from billing.models import Document, Order
from bookings.models import Booking, Occupancy, Space
from members.errors import Refused
from members.models import Message


def desk(number: int = 1) -> Space:
    return Space.objects.select_related("site").get(kind="desk", number=number)


def room(code: str = "a") -> Space:
    return Space.objects.select_related("site").get(code=code)


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Booking, Occupancy, Order, Document, Message))


def assert_refused(refusal: type[Refused], book: Callable[[], object]) -> Refused:
    before = written()
    with pytest.raises(refusal) as caught:
        book()
    assert written() == before
    return caught.value
