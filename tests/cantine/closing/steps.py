"""Steps that tests of closing and erasing share."""

from typing import Any

from members.models import Closing, User
from members.services.closing import WAIT, close_account
from tests.factories.bookings import NOW

DUE = NOW + WAIT


def close(user: User, now: Any = NOW) -> Closing:
    return close_account(user=user, typed=user.name, now=now)
