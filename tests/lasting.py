"""A world made once for all the tests of a module or package: each has its own transaction inside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker


@contextmanager
def lasting(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Open the transaction of a world, and take it back at the end; for a fixture of a module or package.

    What a test writes, or forges, is taken back with its own transaction. None there may have real ones,
    which would empty the tables.
    """
    world = transaction.atomic()
    # As in Django's own tests: what must stand alone may stand in it.
    world._from_testcase = True  # type: ignore[attr-defined]
    with blocker.unblock(), world, translation.override("fr"):
        yield
        transaction.set_rollback(True)
