"""One application for the long tests, started as `make run` starts it, in a folder of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.application import Application
from tests.soak.world import World

PEOPLE = 700
NO_LIMITS = {"FORM_TAKES_SECONDS": "0", "GUESTS_AN_HOUR": "100000", "REQUESTS_AN_HOUR": "100000"}
"""All of them come from one address of the network, and write faster than people do."""


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The running application, its people, and the payment stand-in."""
    folder = Path(tempfile.mkdtemp(prefix="cantine-soak-"))
    folder.chmod(0o711)
    os.environ.update(NO_LIMITS)
    app = Application(folder / "data")
    try:
        app.start()
        yield World(app, app.ask("tests.soak.state", f"fill({PEOPLE})"), coming_days())
    finally:
        app.stop()
        if os.environ.get("SOAK_KEEP"):
            print(f"kept: {folder}")  # noqa: T201 - for whoever asked for it
        else:
            shutil.rmtree(folder, ignore_errors=True)


def coming_days() -> list[date]:
    """Working days from two weeks ahead on, without those between Christmas and the New Year."""
    first = date.today() + timedelta(days=14)  # noqa: DTZ011 - any day will do
    days = (first + timedelta(days=offset) for offset in range(60))
    return [day for day in days if day.weekday() < 5 and not (day.month, day.day) >= (12, 24)]
