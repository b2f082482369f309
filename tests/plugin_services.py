"""An early pytest plugin: PostgreSQL and Valkey of the tests' own, before the settings are read.

Not in a conftest.py: pytest-django reads the settings before those. Run as `python -m pytest`.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from cantine.embedded.errors import CannotStart
from cantine.embedded.layout import Layout
from cantine.embedded.services import Services

# What a developer may have set for a running application and no test should see.
NOT_FOR_TESTS = (
    "ALLOWED_HOSTS",
    "BACKUP_BEFORE_MIGRATING",
    "BACKUP_DIR",
    "CANTINE_ENV",
    "DATABASE_DIRECT_URL",
    "DATABASE_REPLICA_URL",
    "DEFAULT_FROM_EMAIL",
    "DEMO",
    "DEMO_PASSWORD",
    "EMAIL_URL",
    "FILES_STORAGE",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "PORT",
    "PROMETHEUS_MULTIPROC_DIR",
    "PUBLIC_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SENTRY_DSN",
    "SIGNING_KEY",
    "SIGNING_KEY_FALLBACKS",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_TEST",
    "STRIPE_WEBHOOK_SECRET",
)


def pytest_addoption() -> None:
    """Start the services: this is the earliest hook there is, and xdist's workers inherit the environment."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    for name in NOT_FOR_TESTS:
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="cantine-tests-"))
    folder.chmod(0o711)  # PostgreSQL may run as nobody and passes through
    os.environ["DATA_DIR"] = str(folder)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in the tests' thread
    services = Services(
        Layout(folder),
        postgres=not os.environ.get("DATABASE_URL"),
        valkey=not os.environ.get("REDIS_URL"),
        careless=True,
    )
    try:
        services.start()
    except CannotStart as reason:
        sys.exit(str(reason))
    atexit.register(clean_up, services, folder)


def clean_up(services: Services, folder: Path) -> None:
    """Stop the services and leave nothing behind."""
    services.stop()
    shutil.rmtree(folder, ignore_errors=True)
