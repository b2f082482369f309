"""A task carries the name of the request it was asked in, and when; its log lines have both."""

import time
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.core.signals import request_finished

from cantine.watching.asked import request_id
from cantine.watching.backlog import ASKED_AT

NAME = "cantine_request_id"


def say_for_whom(headers: dict[str, Any] | None = None, **said: Any) -> None:
    """Write it on the task's envelope."""
    if headers is not None:
        headers[ASKED_AT] = time.time()
        headers[NAME] = request_id.get()


def take_the_name(task: Any = None, task_id: str = "", **said: Any) -> None:
    """While it runs, it is done for that request; for itself when beat asked."""
    request_id.set(getattr(task.request, NAME, None) or task_id)


def drop_the_name(**said: Any) -> None:
    """Nothing is done for it any more."""
    request_id.set("")


def wire() -> None:
    """Have Celery and Django call these."""
    before_task_publish.connect(say_for_whom, dispatch_uid="cantine.watching")
    task_prerun.connect(take_the_name, dispatch_uid="cantine.watching")
    task_postrun.connect(drop_the_name, dispatch_uid="cantine.watching")
    request_finished.connect(drop_the_name, dispatch_uid="cantine.watching")
