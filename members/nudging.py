"""Waking the worker: a nudge may be lost, for beat finds what is due anyway (design §4, invariant 7)."""

import logging
import time
from functools import partial

from celery import current_app
from django.core.cache import caches
from django.db import connection, transaction

log = logging.getLogger(__name__)

REST = 20.0
"""Seconds without a nudge after one that could not be published: a dead Redis must not slow each request."""


WAITING = 5
"""Seconds for which a nudge is believed to wait in the queue; one that was lost is asked anew then."""


class _Breaker:
    """Remembers, in this process, until when no nudge is tried."""

    until: float = 0.0


def nudge_once_committed(task: str) -> None:
    """Nudge `task` when the transaction is committed: once, however much became due in it."""
    asked = (entry[1] for entry in connection.run_on_commit)
    if not any(isinstance(each, partial) and each.func is nudge and each.args == (task,) for each in asked):
        transaction.on_commit(partial(nudge, task), robust=True)


def nudge(task: str) -> bool:
    """Ask the worker to run `task` soon; say whether it will. Never raises, never retries.

    Where one nudge waits that no worker has taken yet, it serves for this too: what it is about was committed
    before the task looks. How long a dead broker can hold us is set by `CELERY_BROKER_TRANSPORT_OPTIONS`
    (under a second).
    """
    if time.monotonic() < _Breaker.until:
        return False
    if caches["redis"].add(_mark(task), "", timeout=WAITING) is False:  # None where there is no Redis
        return True
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except Exception as error:
        _Breaker.until = time.monotonic() + REST
        log.warning("Nudge for %s not published: %s", task, error)
        return False
    return True


def taken(task: str) -> None:
    """Note that a worker begins `task`: whatever is due from now on nudges anew."""
    caches["redis"].delete(_mark(task))


def _mark(task: str) -> str:
    return f"nudged:{task}"
