"""Settings that other machines depend on: PgBouncer in transaction mode, a Redis that goes away, the log."""

import logging
import subprocess
import sys
from importlib import import_module
from time import monotonic
from typing import Any

import pytest
from celery import Celery
from celery.signals import task_prerun
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from cantine.broker import restore_unacknowledged
from cantine.celery import app
from cantine.logs import OneLine
from cantine.tasks import note_that_the_worker_works
from members.nudging import nudge, taken

TAKE_AND_DIE = """
import os, sys
from kombu import Connection
assert Connection(sys.argv[1]).default_channel.basic_get("celery") is not None
os._exit(0)  # no farewell: nothing is acknowledged or given back
"""


def test_pgbouncer_in_transaction_mode_serves() -> None:
    database = settings.DATABASES["default"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert database["ATOMIC_REQUESTS"] is False
    # A start-up parameter (-c …) would be a session's: a pool refuses it, or mixes it up.
    assert set(database["OPTIONS"]) <= {"connect_timeout", "sslmode"}
    assert database.get("TIME_ZONE") is None


@pytest.mark.django_db
def test_connecting_leaves_no_state_in_the_session() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings WHERE source IN ('session', 'client') ORDER BY name")
        found = {name for (name,) in cursor.fetchall()}
    # The two that libpq and Django ask for are among those PgBouncer follows.
    assert found <= {"TimeZone", "client_encoding", "default_transaction_isolation", "application_name"}


@pytest.mark.django_db
def test_time_limits_are_the_role_s() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, source FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')"
            " ORDER BY name"
        )
        assert cursor.fetchall() == [("lock_timeout", "user"), ("statement_timeout", "user")]


def test_the_worker_bears_the_loss_of_redis() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.worker_prefetch_multiplier == 1
    assert not conf.worker_cancel_long_running_tasks_on_connection_loss
    assert conf.broker_transport_options["visibility_timeout"] == 3600


def test_every_task_that_beat_asks_for_exists() -> None:
    app.loader.import_default_modules()
    for app_name in ("members", "billing", "cantine"):
        import_module(f"{app_name}.tasks")
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/valkey", "redis://127.0.0.1:1/0"])
def test_publishing_gives_up_in_less_than_a_second_without_redis(address: str) -> None:
    alone = Celery("alone", broker=address, set_as_current=False)
    for name, value in app.conf.items():
        if name.startswith(("broker_", "task_publish")) and name not in {
            "broker_url",
            "broker_read_url",
            "broker_write_url",
        }:
            alone.conf[name] = value
    began = monotonic()
    with pytest.raises(OperationalError):
        alone.send_task("members.tasks.send_messages")
    assert monotonic() - began < 1


def test_what_a_killed_worker_held_is_in_the_queue_again() -> None:
    app.control.purge()
    app.send_task("cantine.tasks.note_that_the_worker_works")
    subprocess.run([sys.executable, "-c", TAKE_AND_DIE, settings.CELERY_BROKER_URL], check=True)
    assert taken_from_queue() == 0
    assert restore_unacknowledged() == 1
    assert restore_unacknowledged() == 0
    assert taken_from_queue() == 1


def test_a_nudge_that_waits_serves_for_all_until_a_worker_takes_it() -> None:
    app.control.purge()
    task = note_that_the_worker_works
    taken(task.name)
    assert [nudge(task.name), nudge(task.name)] == [True, True]
    assert taken_from_queue() == 1
    task_prerun.send(sender=task, task=task)  # as a worker does before it runs
    assert nudge(task.name)
    assert taken_from_queue() == 1


def taken_from_queue() -> int:
    """How many tasks wait; they are taken and done with."""
    with app.connection_for_read() as connected:
        channel: Any = connected.default_channel
        count = 0
        while (message := channel.basic_get("celery")) is not None:
            message.ack()
            count += 1
    return count


def test_a_record_is_one_line_even_with_a_traceback() -> None:
    try:
        raise ValueError("premier\nsecond")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "un\nnom", None, sys.exc_info())
    assert "\n" not in OneLine("{message}", style="{").format(record)
    assert "second" in OneLine("{message}", style="{").format(record)


def test_the_log_holds_no_key_of_a_private_link() -> None:
    asked = "Unprocessable Entity: /inscriptions/PZ7T-x_4kq/avis/ and /billets/7K2MM4PX/"
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, asked, None, None)
    written = OneLine("{message}", style="{").format(record)
    assert written == "Unprocessable Entity: /inscriptions/…/avis/ and /billets/…/"
