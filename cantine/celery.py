"""The Celery application: its tasks are the hands, the database is the truth."""

import logging.config
import os
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging, task_prerun, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cantine.settings")

app = Celery("cantine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_rest_does(**said: Any) -> None:
    """Keep Celery from replacing the one-line format of the settings."""
    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def begin(task: "Task[Any, Any]", **said: Any) -> None:
    """What is due while it runs nudges anew."""
    from members.nudging import taken  # once the applications are there

    taken(task.name)


@worker_ready.connect
def give_a_first_sign_of_life(**said: Any) -> None:
    """Have the worker noted at once rather than at beat's next turn."""
    app.send_task("cantine.tasks.note_that_the_worker_works", expires=20)
