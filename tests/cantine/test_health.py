"""`GET /healthz`."""

import pytest
from django.db import OperationalError
from django.test import Client

from cantine import health, heartbeats

pytestmark = pytest.mark.django_db


def test_all_is_well_when_everyone_gave_a_sign_of_life(client: Client) -> None:
    heartbeats.note("worker")
    heartbeats.note("beat")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "redis": "ok", "worker": "ok", "beat": "ok"}


def test_without_redis_and_worker_it_still_serves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ConnectionRefusedError(name)

    monkeypatch.setattr(health, "get_redis_connection", refuse)
    heartbeats.note("beat")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "redis": "down", "worker": "down", "beat": "ok"}


def test_without_the_database_it_says_503_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str = "") -> bool:
        raise OperationalError("secret details")

    monkeypatch.setattr(health, "ask_database", refuse)
    monkeypatch.setattr(heartbeats, "is_alive", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "down", "redis": "ok", "worker": "down", "beat": "down"}
    assert b"secret" not in answer.content


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
