"""What every test may use."""

import gc
import os
from collections.abc import Iterator, Sequence

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.management.commands import flush as flushing
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test.signals import storages_changed
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from cantine.translations.compiled import compile_catalogues
from tests import database
from tests.sharing_out import FilesTogether, long_ones_first

pytest_plugins = ["tests.fixtures_standin", "tests.browser.fixtures"]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

hypothesis.settings.register_profile("house", deadline=None, max_examples=50)
hypothesis.settings.load_profile("house")


def pytest_configure() -> None:
    """Give the settings what tests need: a fast hasher, plain files, compiled texts, a cache per worker."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # With a DATABASE_URL too: every page of the desk would lead to the second factor otherwise.
    django_settings.SECOND_FACTOR_EXEMPT_DOMAIN = "cantine.example"
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A file field has looked at the storages by now: they are read again.
    storages_changed(setting="STORAGES")
    if WORKER == "main":  # before xdist's workers start
        compile_catalogues(django_settings.BASE_DIR)
    # Every test's client begins by looking at each of five hundred static files otherwise: 0.2 s.
    django_settings.WHITENOISE_AUTOREFRESH = True
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none
    if WORKER != "main":  # a queue of its own: what one counts, another's nudges must not change
        number = int(WORKER.removeprefix("gw")) + 2
        django_settings.CELERY_BROKER_URL = django_settings.CELERY_BROKER_URL.replace(
            "virtual_host=0", f"virtual_host={number}"
        )
    django_settings.CACHES = {
        name: {**cache, "KEY_PREFIX": f"tests-{WORKER}"} for name, cache in django_settings.CACHES.items()
    }


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """Each test begins in French, whatever the one before asked for."""
    with translation.override("fr"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give each worker a copy of the one database that is migrated."""
    with django_db_blocker.unblock(), database.copied(WORKER):
        yield


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to migrate before the workers start: they read their tests in the meantime."""
    if session.config.getoption("numprocesses", default=None):
        database.begin(session.config.stash[blocking_manager_key])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesTogether | None:
    """Share the tests out by file, as `make test` asks for; None leaves it to xdist."""
    return FilesTogether(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin early what takes long."""
    long_ones_first(items)


def pytest_collection_finish() -> None:
    """Leave what stays until the end, which is nearly all, out of every search for what may go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no database behind on a server that is not the tests' own."""
    if WORKER == "main":
        with config.stash[blocking_manager_key].unblock():
            database.forget()


# What migrations and their signal made of the models alone is the same before and after any test.
KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


@pytest.fixture(autouse=True, scope="session")
def flush_of_append_only_tables() -> Iterator[None]:
    """Lift the append-only triggers while a test with real transactions empties its tables, and only then."""
    flush_as_usual = DatabaseOperations.execute_sql_flush

    def deletes(
        operations: DatabaseOperations, _style: object, tables: Sequence[str], **_how: bool
    ) -> list[str]:
        # TRUNCATE makes new files for each table and index: ten times the time of deleting a few rows.
        emptied = [table for table in tables if table not in KEPT]
        return ["; ".join(f"DELETE FROM {operations.quote_name(table)}" for table in emptied)]

    def flush(operations: DatabaseOperations, statements: Sequence[str]) -> None:
        lifted = "SET LOCAL session_replication_role = replica"  # with those that renew the stamp
        renewed = "UPDATE bookings_premises SET stamp = gen_random_uuid()"
        flush_as_usual(operations, [lifted, "TRUNCATE cantine_cache", renewed, *statements])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", deletes)
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        # Permissions and roles, which it makes anew, have been kept.
        patch.setattr(flushing, "emit_post_migrate_signal", lambda *_args, **_how: None)
        yield
