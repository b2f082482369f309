"""What billing's tests share."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.factories.billing import TRIAL, TrialHandler

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def now() -> dt.datetime:
    """A Tuesday morning."""
    return NOW


@pytest.fixture
def trial() -> Iterator[TrialHandler]:
    """The handler of the lines that billing's own tests order."""
    TRIAL.forget()
    yield TRIAL
    TRIAL.forget()


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits half a second before it tries again; here it does not."""
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0.01)
