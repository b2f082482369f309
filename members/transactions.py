"""Where a transaction is needed, and where one is forbidden (style §2, rules 5 and 6)."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK = "40P01"
PAUSE = 0.05
"""Seconds in which the other of two takes what the first let go of, else both may meet again."""

log = logging.getLogger(__name__)


class OutsideTransaction(RuntimeError):
    """A step was called without the transaction of a use case."""


class InsideTransaction(RuntimeError):
    """A process was called while a transaction was open."""


def own_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Run a use case in one transaction of its own, never inside another; after a deadlock, once more.

    Of two that wait for each other PostgreSQL ends one (40P01), which has then written nothing.
    """
    alone = transaction.atomic(durable=True)(function)

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return alone(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
                raise
            log.warning("%s met a deadlock and is tried again", function.__qualname__)
        time.sleep(PAUSE)  # the other goes first; outside any transaction, nothing is held meanwhile
        return alone(*args, **kwargs)

    return run


def require_transaction() -> None:
    """Stop a step that was called outside a use case's transaction."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("A step runs inside a use case's transaction.")


def refuse_transaction() -> None:
    """Stop a process that would talk to the outside while a transaction is open.

    The transaction a TestCase wraps around each test does not count, as for Django's own `durable`.
    """
    blocks = connection.atomic_blocks
    if any(not getattr(block, "_from_testcase", False) for block in blocks):
        raise InsideTransaction("A process talks to the outside between transactions, never inside one.")
