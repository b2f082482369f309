"""Renting as the manager has it on her desk: the same house at the same time, made once for a module."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoDbBlocker

from bookings.models import Site
from tests.bookings.rentals.conftest import moment
from tests.bookings.rentals.steps import make_house_with_terms
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.lasting import lasting

__all__ = ["moment"]


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A house that rents two rooms joined and a hall, with its terms of sale."""
    with lasting(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            made = make_house_with_terms()
        yield made


@pytest.fixture
def site(house: Site) -> Site:
    """That house, as its rows say."""
    return Site.objects.select_related("seller").get(pk=house.pk)


@pytest.fixture
def client() -> Client:
    """Her browser."""
    client = Client()
    client.force_login(make_user(role="manager"))
    return client
