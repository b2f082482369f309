"""Where every test of renting happens, and when."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from bookings.models import Site
from members.legal_pages import seed
from members.models import Page
from tests.factories.bookings import NOW
from tests.factories.rentals import make_rented_house


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    """It is the factories' now, until a test shifts it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def site() -> Site:
    """A house that rents two rooms joined and a hall, with its terms of sale."""
    seed(Page, date(2020, 1, 1))
    return make_rented_house()
