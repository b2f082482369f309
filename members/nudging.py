"""Waking the worker: a nudge may be lost, for beat finds what is due anyway (design §4, invariant 7)."""

import logging
import time

from celery import current_app

log = logging.getLogger(__name__)

REST = 20.0
"""Seconds without a nudge after one that could not be published: a dead Redis must not slow each request."""


class _Breaker:
    """Remembers, in this process, until when no nudge is tried."""

    until: float = 0.0


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
