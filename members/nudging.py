"""Waking the worker: a nudge may be lost, for beat finds what is due anyway (design §4, invariant 7)."""

import logging
import time
from functools import partial

from celery import current_app
from django.db import connection, transaction

log = logging.getLogger(__name__)

REST = 20.0
"""Seconds without a nudge after one that could not be published: a dead Redis must not slow each request."""


class _Breaker:
    """Remembers, in this process, until when no nudge is tried."""

    until: float = 0.0


def nudge_once_committed(task: str) -> None:
    """Nudge `task` when the transaction is committed: once, however much became due in it."""
    asked = (entry[1] for entry in connection.run_on_commit)
    if not any(isinstance(each, partial) and each.func is nudge and each.args == (task,) for each in asked):
        transaction.on_commit(partial(nudge, task), robust=True)


def nudge(task: str) -> bool:
    """Ask the worker to run `task` soon; say whether the broker took it. Never raises, never retries.

    How long a dead broker can hold us is set by `CELERY_BROKER_TRANSPORT_OPTIONS` (under a second).
    """
    if time.monotonic() < _Breaker.until:
        return False
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except Exception as error:
        _Breaker.until = time.monotonic() + REST
        log.warning("Nudge for %s not published: %s", task, error)
        return False
    return True
