"""Renting as the manager has it on her desk: the same house at the same time."""

import pytest
from django.test import Client

from bookings.models import Site
from tests.bookings.rentals.conftest import moment
from tests.bookings.rentals.steps import make_house_with_terms
from tests.factories.members import make_user

__all__ = ["client", "moment"]


@pytest.fixture
def site() -> Site:
    """A house that rents two rooms joined and a hall, with its terms of sale."""
    return make_house_with_terms()


@pytest.fixture
def client() -> Client:
    """Her browser."""
    client = Client()
    client.force_login(make_user(role="manager"))
    return client
