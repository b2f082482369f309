"""Where a transaction is needed, and where one is forbidden (style §2, rule 5)."""

from django.db import connection


class OutsideTransaction(RuntimeError):
    """A step was called without the transaction of a use case."""


class InsideTransaction(RuntimeError):
    """A process was called while a transaction was open."""


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
