"""Renting as the manager has it on her desk: the same house at the same time."""

import pytest
from django.test import Client

from tests.bookings.rentals.conftest import moment, site
from tests.factories.members import make_user

__all__ = ["client", "moment", "site"]


@pytest.fixture
def client() -> Client:
    """Her browser."""
    client = Client()
    client.force_login(make_user(role="manager"))
    return client
