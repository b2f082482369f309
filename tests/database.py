"""The tests' database: migrated once a run, by whoever comes first, and copied for each worker."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.quick_migrations import quick_migrations

MODEL = settings.DATA_DIR / "migrated"
"""The name of the database that is copied, once there is one; the folder is this run's own."""


@contextmanager
def only_one() -> Iterator[None]:
    """One process or thread at a time; the others wait."""
    with MODEL.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate_once() -> str:
    """Make the database that all copy, unless this run has it by now, and say its name."""
    with only_one():
        if not MODEL.exists():
            own = connection.settings_dict["NAME"]
            with quick_migrations():
                made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            enter(own)
            MODEL.write_text(made)
        return MODEL.read_text()


def begin(blocker: DjangoDbBlocker) -> None:
    """Migrate while the workers still read their tests; should it fail, the first of them says why."""

    def migrate() -> None:
        with blocker.unblock():
            migrate_once()

    Thread(target=migrate).start()


@contextmanager
def copied(worker: str) -> Iterator[None]:
    """Stand in a copy that is this worker's own, and leave nothing of it."""
    own = connection.settings_dict["NAME"]
    enter(migrate_once())
    with only_one():  # nobody may be in a database that is copied
        connection.creation.clone_test_db(worker, verbosity=0)
    enter(connection.creation.get_test_db_clone_settings(worker)["NAME"])
    yield
    drop(connection.settings_dict["NAME"])
    enter(own)


def forget() -> None:
    """Drop the database that was copied, at the end of the run."""
    with only_one():
        if MODEL.exists():
            drop(MODEL.read_text())
            MODEL.unlink()


def enter(name: str) -> None:
    """Have this process speak to a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def drop(name: str) -> None:
    """Drop a database of the tests'."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")
