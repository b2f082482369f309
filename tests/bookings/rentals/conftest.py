"""Where every test of renting happens, and when: one house stands for all the tests of a module."""

from collections.abc import Iterator, Sequence

import pytest
import time_machine
from pytest_django import DjangoDbBlocker

from bookings.models import RentalQuote, Site
from tests.bookings.rentals.steps import make_accepted, make_house_with_terms, make_scale, pay_advance
from tests.factories.bookings import NOW
from tests.factories.rentals import make_rented_house, make_sent
from tests.lasting import lasting


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    """It is the factories' now, until a test shifts it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def scale() -> Sequence[tuple[int, int]]:
    """What the houses of a module keep of a rental that is cancelled: nothing, unless it says otherwise."""
    return ()


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, scale: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The house of a module: what other fixtures of that scope write stands as long as it does.

    Not for tests with real transactions: these make their own.
    """
    with lasting(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            site = make_house_with_terms()
            make_scale(site, scale)
        yield site.pk


@pytest.fixture
def site(house: int) -> Site:
    """A house that rents two rooms joined and a hall, with its terms of sale; as it is in the database."""
    return Site.objects.select_related("seller").get(pk=house)


# Each of these has a house of its own, so that `site` is free; they are made once for a module that asks
# for them, and read anew for each test. Other tests of that module must not count all there is.


@pytest.fixture(scope="module")
def sent_once(house: int) -> int:
    with time_machine.travel(NOW, tick=False):
        return make_sent(make_rented_house()).pk


@pytest.fixture
def sent(sent_once: int) -> RentalQuote:
    """A quote for the hall that was sent."""
    return RentalQuote.objects.told().get(pk=sent_once)


def accepted_in(scale: Sequence[tuple[int, int]]) -> RentalQuote:
    """A rental that was accepted, in a new house with a scale."""
    site = make_rented_house()
    make_scale(site, scale)
    return make_accepted(site)


@pytest.fixture(scope="module")
def owed_once(house: int, scale: Sequence[tuple[int, int]]) -> int:
    with time_machine.travel(NOW, tick=False):
        return accepted_in(scale).pk


@pytest.fixture
def owed(owed_once: int) -> RentalQuote:
    """A rental of the hall for 1,440 € that was accepted; its advance of 432 € is awaited."""
    return RentalQuote.objects.told().get(pk=owed_once)


@pytest.fixture(scope="module")
def paid_once(house: int, scale: Sequence[tuple[int, int]]) -> int:
    with time_machine.travel(NOW, tick=False):
        rental = accepted_in(scale)
        pay_advance(rental)
    return rental.pk


@pytest.fixture
def paid(paid_once: int) -> RentalQuote:
    """The same, its advance paid."""
    return RentalQuote.objects.told().get(pk=paid_once)
