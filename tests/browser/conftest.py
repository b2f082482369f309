"""What most journeys and sweeps begin with."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page

from cantine.demo import rentals
from tests.browser import sweep
from tests.browser.fixtures import DESKTOP, NewPage
from tests.browser.world import House, make_house


@pytest.fixture
def house() -> House:
    """The tests' house, as the demonstration builds it."""
    return make_house()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a desktop, whose width the sweep changes."""
    return new_page(**DESKTOP)


@pytest.fixture
def rented_house(settings: LazySettings) -> House:
    """The same, with the spaces that it rents; a form may be sent as quickly as a test fills it in."""
    settings.FORM_TAKES_SECONDS = 0  # hands of this kind are quicker than people's
    house = make_house()
    rentals.build_spaces(house.site, since=date(2020, 1, 1))
    return house


@pytest.fixture(params=["phone", pytest.param("every way", marks=pytest.mark.soak)])
def swept_how(request: pytest.FixtureRequest) -> Iterator[str]:
    """On a phone in every run; every way in the soak."""
    sweep.look_every_way(yes=request.param == "every way")
    yield request.param
    sweep.look_every_way(yes=False)
