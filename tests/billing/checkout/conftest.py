"""What the tests of paying by card share."""

import datetime as dt

import pytest

from billing.models import Order
from tests.factories.billing import TrialHandler, make_order
from tests.fixtures_standin import Standin


@pytest.fixture
def now() -> dt.datetime:
    """The stand-in's clock is the real one."""
    return dt.datetime.now(tz=dt.UTC)


@pytest.fixture
def order(now: dt.datetime, trial: TrialHandler, standin: Standin) -> Order:
    """An order of 36 euros that waits for its payment."""
    return make_order(now=now)
