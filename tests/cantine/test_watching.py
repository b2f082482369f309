"""Figures, names of requests, logs, reports of errors: enough to watch over the place, nothing of people."""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import sentry_sdk
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cantine.celery import app
from cantine.logs import Json, OneLine
from cantine.watching import backlog, errors, nightly
from cantine.watching.asked import request_id
from cantine.watching.models import Nightly
from members.access import WITH_KEY
from members.checks import access_of, walk
from members.models import Message

pytestmark = pytest.mark.django_db
NAME = "4bf92f3577b34da6"


def figure(page: bytes, start: str) -> float:
    """The value of the one line that begins so."""
    found = [line for line in page.decode().splitlines() if line.startswith(start)]
    assert len(found) == 1, found
    return float(found[0].rpartition(" ")[2])


def owe(key: str, *, minutes: int) -> None:
    """An e-mail that has been due for some time."""
    due = timezone.now() - timedelta(minutes=minutes)
    Message.objects.create(
        key=key, to="x@cantine.example", language="fr", template="bookings/closed", due_at=due
    )


def test_requests_are_counted_by_view_and_status_and_no_address_is_in_it(client: Client) -> None:
    counted = 'cantine_requests_total{method="GET",status="404",view="none"}'
    client.get("/nulle-part/camille@cantine.example/")
    before = figure(client.get("/metrics").content, counted)
    client.get("/nulle-part/ailleurs/")
    page = client.get("/metrics").content
    assert figure(page, counted) == before + 1
    assert b"camille" not in page
    assert figure(page, 'cantine_request_seconds_bucket{le="+Inf",view="none"}') >= before + 1


def test_what_waits_is_told_with_its_age(client: Client) -> None:
    owe("one", minutes=5)
    owe("two", minutes=1)
    page = client.get("/metrics").content
    assert figure(page, 'cantine_waiting{what="mail"}') == 2
    assert 295 < figure(page, 'cantine_waiting_seconds{what="mail"}') < 330
    assert figure(page, 'cantine_waiting{what="files"}') == 0
    assert figure(page, 'cantine_alive{what="beat"}') in {0, 1}


def test_the_age_of_the_last_backup_and_audit_is_told_and_that_there_was_none(client: Client) -> None:
    page = client.get("/metrics").content
    assert (
        figure(page, "cantine_backup_age_seconds")
        == figure(page, "cantine_audit_age_seconds")
        == float("inf")
    )
    then = timezone.now() - timedelta(hours=2)
    nightly.note(Nightly.What.BACKUP, now=then - timedelta(days=1))
    nightly.note(Nightly.What.BACKUP, now=then)
    nightly.note(Nightly.What.AUDIT, now=then, well=False)
    page = client.get("/metrics").content
    assert 7200 <= figure(page, "cantine_backup_age_seconds") < 7230
    assert figure(page, "cantine_audit_broken") == 1


@pytest.mark.parametrize(
    ("ran", "now", "due"),
    [
        (None, "2026-11-30T12:00", True),
        ("2026-11-29T02:31", "2026-11-30T02:29", False),
        ("2026-11-29T02:31", "2026-11-30T02:30", True),
        ("2026-11-30T02:31", "2026-11-30T23:59", False),
        ("2026-11-25T02:31", "2026-11-30T01:00", True),  # the machine was off
    ],
)
def test_what_is_for_the_night_runs_once_a_night_and_a_missed_one_is_caught_up(
    ran: str | None, now: str, due: bool
) -> None:
    def local(said: str) -> datetime:
        return timezone.make_aware(datetime.fromisoformat(said))

    if ran:
        nightly.note(Nightly.What.BACKUP, now=local(ran))
    assert nightly.is_due(Nightly.What.BACKUP, local(now)) is due


def test_the_queue_tells_how_long_its_first_task_waits(client: Client) -> None:
    app.control.purge()
    app.send_task("cantine.tasks.note_that_the_worker_works")
    later = timezone.now() + timedelta(seconds=40)
    found = backlog.tasks(later)
    app.control.purge()
    assert found.number == 1
    assert 39 < found.age.total_seconds() < 45
    assert figure(client.get("/metrics").content, 'cantine_waiting{what="tasks"}') == 0


def test_figures_are_for_this_machine_alone_unless_a_token_is_set(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    settings.METRICS_TOKEN = "a-token-of-the-tests"
    assert client.get("/metrics").status_code == 403
    for said, status in (
        ("Bearer a-token-of-the-tests", 200),
        ("Bearer é", 403),
        ("a-token-of-the-tests", 403),
    ):
        assert client.get("/metrics", headers={"Authorization": said}).status_code == status


def test_ready_once_every_migration_was_made(client: Client) -> None:
    assert client.get("/readyz").json() == {"database": "ok", "migrations": "ok"}
    MigrationRecorder(connection).record_unapplied("members", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "due"}


@pytest.mark.parametrize(
    "said", ["", "short", "x" * 65, "two words and more", "line\tbreak-12345", "éééééééééé"]
)
def test_a_request_is_named_and_a_name_that_makes_no_sense_is_not_repeated(client: Client, said: str) -> None:
    headers = {"X-Request-ID": said} if said else {}
    assert len(client.get("/healthz", headers=headers)["X-Request-ID"]) == 32
    assert client.get("/healthz", headers={"X-Request-ID": NAME})["X-Request-ID"] == NAME
    assert request_id.get() == ""


def test_what_is_refused_is_logged_under_its_name(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(Json())
    client.get("/nulle-part/", headers={"X-Request-ID": NAME})
    said = json.loads(caplog.text.splitlines()[-1])
    assert (said["message"], said["request_id"]) == ("Not Found: /nulle-part/", NAME)
    assert request_id.get() == ""


@pytest.fixture
def named() -> Iterator[None]:
    """As within a request."""
    token = request_id.set(NAME)
    yield
    request_id.reset(token)


@pytest.mark.usefixtures("named")
@pytest.mark.django_db(transaction=True)
def test_a_task_is_done_under_the_name_of_the_request_it_was_asked_in() -> None:
    seen, done = [], threading.Event()

    def note() -> None:
        seen.append(request_id.get())
        done.set()

    app.control.purge()
    app.task(name="tests.note")(note)
    app.send_task("tests.note")
    with start_worker(app, pool="solo", perform_ping_check=False):
        assert done.wait(20)
    del app.tasks["tests.note"]
    assert seen == [NAME]


@pytest.mark.usefixtures("named")
def test_a_record_is_one_line_of_json_with_the_name_of_its_request() -> None:
    try:
        raise ValueError("premier\nsecond")
    except ValueError:
        record = logging.LogRecord(
            "a", logging.ERROR, "", 0, "/billets/7K2MM4PX/ été\n", None, sys.exc_info()
        )
    written = Json().format(record)
    assert "\n" not in written
    said = json.loads(written)
    assert said["request_id"] == NAME
    assert (said["level"], said["message"]) == ("ERROR", "/billets/…/ été\n")
    assert "ValueError: premier" in said["exception"]
    assert OneLine("{message}", style="{").format(record).endswith(f"[{NAME}]")


class Sent(sentry_sdk.transport.Transport):
    """Keeps what would be sent."""

    events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Any) -> None:
        event = envelope.get_event()
        if event:
            self.events.append(event)


@pytest.fixture
def reported() -> Iterator[list[dict[str, Any]]]:
    """What is sent to Sentry in this test."""
    Sent.events.clear()
    errors.start("https://key@sentry.example/1", environment="local", transport=Sent)
    yield Sent.events
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def test_an_error_is_reported_without_whoever_it_happened_to(
    client: Client, reported: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: Any, **_more: Any) -> None:
        mine = "camille@cantine.example"
        raise RuntimeError(f"{mine} has it\nDETAIL:  Key (name)=(Camille) already exists: /billets/7K2MM4PX/")

    monkeypatch.setattr("cantine.health.ask_database", broken)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a-secret-session"
    answer = client.get("/healthz?adresse=camille@cantine.example", headers={"X-Request-ID": NAME})
    assert answer.status_code == 500
    event = reported[-1]
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["tags"]["request_id"] == NAME
    whole = json.dumps(event, default=str).lower()
    for private in ("camille", "a-secret-session", "7k2mm4px", "adresse="):
        assert private not in whole
    assert django_settings.SENTRY_DSN == ""


@pytest.mark.usefixtures("named")
def test_no_log_names_an_address_that_a_mail_server_refused_or_the_code_of_a_ticket() -> None:
    try:
        raise SMTPRecipientsRefused({"camille.essai@cantine.example": (550, b"nobody here")})
    except SMTPRecipientsRefused:
        told = "GET /evenements/apero/accueil/7K2MM4PX/ for camille.essai@cantine.example"
        record = logging.LogRecord("a", logging.ERROR, "", 0, told, None, sys.exc_info())
    for written in (Json().format(record), OneLine("{message}", style="{").format(record)):
        assert "SMTPRecipientsRefused" in written
        assert "camille" not in written
        assert "7K2MM4PX" not in written


def test_the_log_hides_whatever_opens_an_address_by_itself() -> None:
    routes = [route for route, _name, view in walk() if access_of(view) == WITH_KEY and "<" in route]
    plain = [re.sub(r"<(?:\w+:)?(?:version|seller|number|uidb64|pk)>", "1", route) for route in routes]
    told = "\n".join(f"GET /{re.sub('<[^>]+>', 'Ki9-key_of_24_letters', route)} 200" for route in plain)
    record = logging.LogRecord("cantine", logging.INFO, "", 0, told, None, None)
    assert [line for line in told.splitlines() if "Ki9-key" in line]
    assert "Ki9-key" not in Json().format(record)
    assert "Ki9-key" not in OneLine("{message}", style="{").format(record)
