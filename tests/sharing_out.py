"""Which worker runs which tests: those of a file together, so that what they share is made once."""

from itertools import groupby

from xdist.scheduler import LoadScopeScheduling

ALONE = "tests/browser/"
"""Journeys and sweeps are long and share no world: one at a time."""


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed
    """Gives a worker a whole file of tests, in their order; journeys one by one.

    Tests with real transactions come after all others (pytest-django's order): a file that has both is two
    shares.
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


def share_of(test: str) -> str:
    """What a test is run together with."""
    return test if test.startswith(ALONE) else test.partition("::")[0]
