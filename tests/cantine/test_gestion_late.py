"""What is stuck behind the pages, said on the manager's day in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from billing.models import StripeEvent
from cantine import heartbeats
from cantine.gestion import late
from cantine.roles import give_role
from members.models import Message, User
from tests.factories.bookings import NOW, make_house
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
STOPPED = "Le travail de fond ne suit plus"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def owe(number: int, *, for_minutes: int) -> None:
    """E-mails that should have left."""
    due = NOW - timedelta(minutes=for_minutes)
    Message.objects.bulk_create(
        Message(key=f"{for_minutes}-{n}", to="x@cantine.example", language="fr", template="t", due_at=due)
        for n in range(number)
    )


def titles(manager: User | None = None) -> list[str]:
    """What the manager's first page says is stuck."""
    client = Client()
    client.force_login(manager or make_user(role="manager"))
    page = client.get(reverse("admin:index"))
    return [item.title for item in page.context["todo"] if item.icon == "clock"]


def test_nothing_is_said_while_all_is_fine() -> None:
    make_house()
    owe(3, for_minutes=4)
    owe(1, for_minutes=-60)
    assert titles() == []


def test_what_waits_is_said_with_its_number_and_age() -> None:
    make_house()
    owe(11, for_minutes=5)
    owe(1, for_minutes=7)
    heartbeats.note("worker")
    heartbeats.note("beat")
    StripeEvent.objects.create(
        event_id="evt_1",
        kind="refund.updated",
        livemode=False,
        payload={},
        received_at=NOW - timedelta(hours=3),
        next_try_at=NOW,
    )
    assert titles() == [
        "12 e-mails attendent depuis 7\u00a0min",
        "1 nouvelle de Stripe attend depuis 3\u00a0h",
    ]


def test_a_manager_of_one_site_reads_no_number_of_the_whole_house() -> None:
    site = make_house()
    owe(12, for_minutes=5)
    manager = make_user(role=None)
    give_role(user=manager, role="manager", by=None, sites=[site])
    assert titles(manager) == [STOPPED, "Des e-mails tardent à partir"]


def test_a_worker_that_is_behind_is_named_first_once_something_waits() -> None:
    make_house()
    owe(1, for_minutes=50 * 60)
    heartbeats.note("beat")
    assert titles() == [STOPPED, "1 e-mail attend depuis 2\u00a0jours"]


def test_one_query_looks_at_every_list(django_assert_num_queries: object) -> None:
    make_user()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert late.sentences(NOW) == []
