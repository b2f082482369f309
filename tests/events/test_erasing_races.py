"""Forgetting registrants while they come back: on real connections, with the interleaving forced."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from billing.customers import customer_for
from billing.models import Customer
from events.models import Event, Registration
from events.services.erasing import KEPT, erase_due
from members.models import Message
from tests.events.test_registering import paid_event, sign_up
from tests.factories.events import make_event
from tests.factories.members import make_user

NOW = timezone.now()
PATIENCE = 10
WAITING = """SELECT EXISTS (SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock')"""


def age(event: Event) -> None:
    ended = NOW - KEPT - timedelta(days=1)
    Event.objects.filter(pk=event.pk).update(starts_at=ended - timedelta(hours=2), ends_at=ended)


def on_its_own(job: Callable[[], object]) -> Callable[[], object]:
    """The job, on a connection that its thread closes."""

    def run() -> object:
        try:
            return job()
        finally:
            connection.close()

    return run


def until_someone_waits() -> None:
    """Look until a connection waits for a lock; what waits has read what it had to read."""
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # kept for a whole transaction otherwise
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_who_verifies_their_address_meanwhile_keeps_their_customer() -> None:
    event, user = make_event(), make_user(email="lea@cantine.example")
    sign_up(event, email="lea@cantine.example")
    age(event)
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            claimed = customer_for(user)
            erasing = pool.submit(on_its_own(lambda: erase_due(NOW)))
            until_someone_waits()
        assert erasing.result(PATIENCE) == 1
    assert Customer.objects.get(user=user).pk == claimed.pk


@pytest.mark.django_db(transaction=True)
def test_a_guest_who_registers_while_the_last_event_is_forgotten_is_let_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = make_event(), make_event()
    sign_up(old, email="lea@cantine.example")
    age(old)
    forgotten, commit = threading.Event(), threading.Event()
    save = Event.save

    def slow(event: Event, *rest: object, **how: object) -> None:
        save(event, *rest, **how)  # type: ignore[arg-type]
        if how.get("update_fields") == ["erased_at"]:
            forgotten.set()
            commit.wait(PATIENCE)

    monkeypatch.setattr(Event, "save", slow)
    with ThreadPoolExecutor(2) as pool:
        erasing = pool.submit(on_its_own(lambda: erase_due(NOW)))
        assert forgotten.wait(PATIENCE)
        coming = pool.submit(on_its_own(lambda: sign_up(new, email="lea@cantine.example").state))
        until_someone_waits()
        commit.set()
        assert (erasing.result(PATIENCE), coming.result(PATIENCE)) == (1, "confirmed")
    assert Registration.objects.get(event=new).email == "lea@cantine.example"


@pytest.mark.django_db
def test_no_address_is_left_in_the_outbox() -> None:
    event = make_event()
    sign_up(event)
    age(event)
    erase_due(NOW)
    assert not Message.objects.exclude(to="").exists()
    assert not Message.objects.owed().exists()


@pytest.mark.django_db
def test_a_contact_whose_order_lapsed_has_no_name_left() -> None:
    event = paid_event()
    customer = sign_up(event).customer
    age(event)
    erase_due(NOW)
    assert customer is not None
    customer.refresh_from_db()
    assert (customer.name, customer.email) == ("", f"efface-{customer.pk}@cantine.invalid")
