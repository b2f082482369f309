"""With Redis dead people sign in, book and pay; what is owed waits in the database."""

from collections.abc import Iterator

import kombu.pools
import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from billing.models import Order
from bookings.models import Booking
from cantine.celery import app
from members import nudging
from members.messages.sending import send_due
from members.models import Message
from tests.factories.members import PASSWORD, make_user
from tests.factories.places import make_place
from tests.fixtures_standin import Standin

NOWHERE = "redis+socket:///nowhere/valkey"


def forget_connections() -> None:
    """Have Celery connect anew: it keeps its pools beyond a change of address."""
    kombu.pools.reset()
    setattr(app, "_pool", None)  # noqa: B010 - neither has a public way to be dropped
    setattr(app.amqp, "_producer_pool", None)  # noqa: B010


@pytest.fixture
def no_redis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Broker and cache point at a Redis that is not there."""
    settings.CACHES = {
        **settings.CACHES,
        "redis": {**settings.CACHES["redis"], "LOCATION": "unix:///nowhere/valkey?db=1"},
    }
    monkeypatch.setattr(nudging._Breaker, "until", 0.0)
    real = {name: app.conf[name] for name in ("broker_url", "broker_read_url", "broker_write_url")}
    app.conf.update(dict.fromkeys(real, NOWHERE))
    forget_connections()
    yield
    app.conf.update(real)
    forget_connections()


def sign_in(client: Client) -> None:
    """Sign in as a person does, through the rate limits."""
    user = make_user()
    answer = client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.usefixtures("no_redis")
@pytest.mark.django_db(transaction=True)
def test_people_sign_in_book_and_pay_and_are_told_later(client: Client, standin: Standin) -> None:
    place = make_place()
    sign_in(client)
    assert client.post(f"/essai/reserver/{place.day}/", {"moment": "matin", "poste": "2"}).status_code == 302
    order = Order.objects.get()
    assert (
        client.post(f"/commandes/{order.public_id}/payer/", {"means": "card", "start": "on"}).status_code
        == 302
    )
    session = order.payments.get().session_id
    standin.pay(session)
    assert client.get(f"/commandes/{order.public_id}/retour/", {"session": session}).status_code == 302
    booking = Booking.objects.get()
    assert booking.state == "confirmed"
    assert client.get(f"/moi/reservations/{booking.reference}/").status_code == 200
    owed = Message.objects.get(template="bookings/confirmed")
    assert owed.state == Message.OWED
    Message.objects.filter(pk=owed.pk).update(attachments=[])  # its invoice would be made by the worker
    assert send_due(timezone.now()) == 1
    assert [each.subject for each in mail.outbox] != []


@pytest.mark.usefixtures("no_redis")
@pytest.mark.django_db
def test_the_health_page_says_which_part_is_away_and_serves(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["database"]) == (200, "down", "ok")


@pytest.mark.usefixtures("no_redis")
def test_what_may_be_lost_is_lost_without_an_error() -> None:
    caches["redis"].set("word", "bonjour")
    assert caches["redis"].get("word") is None


@pytest.mark.usefixtures("no_redis")
def test_a_nudge_gives_up_and_then_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not nudging.nudge("members.tasks.send_messages")
    tried: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda task, **_rest: tried.append(task))
    assert not nudging.nudge("members.tasks.send_messages")
    assert tried == []
