"""What most journeys and sweeps begin with."""

import pytest
from playwright.sync_api import Page

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
