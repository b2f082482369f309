"""A house with rooms, and a volunteer who writes."""

import pytest

from bookings.models import Site
from members.models import User
from tests.factories.bookings import make_house
from tests.factories.members import make_user


@pytest.fixture
def site() -> Site:
    return make_house(desks=0)


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Inès Essai")
