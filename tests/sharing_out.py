"""Which worker runs which tests: those of a file together, so that what they share is made once."""

from itertools import groupby

import pytest
from xdist.scheduler import LoadScopeScheduling

ALONE = "tests/browser/"
"""Journeys and sweeps are long and share no world: one at a time."""


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed
    """Gives a worker a whole file of tests, in their order; journeys one by one.

    Tests with real transactions come after those that are taken back, and before those without a database
    (pytest-django's order): a file of several kinds is several shares.
    """

    shares: dict[str, str]

    def schedule(self) -> None:
        """Say which tests go together, when all workers have read them."""
        if self.collection is None:
            tests: list[str] = next(iter(self.registered_collections.values()), [])
            runs = enumerate(groupby(tests, key=share_of))
            self.shares = {test: f"{share} {number}" for number, (share, run) in runs for test in run}
            self.config.option.loadscopereorder = False
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self.shares[nodeid]


def long_ones_first(items: list[pytest.Item]) -> None:
    """Put journeys before all that follow the tests that are taken back: no long one begins last."""
    first = next((place for place, item in enumerate(items) if is_alone(item.nodeid)), len(items))
    items[first:] = sorted(items[first:], key=lambda item: not is_alone(item.nodeid))


def is_alone(test: str) -> bool:
    """Whether a test is run by itself."""
    return test.startswith(ALONE)


def share_of(test: str) -> str:
    """What a test is run together with."""
    return test if is_alone(test) else test.partition("::")[0]
