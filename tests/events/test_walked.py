"""Every address of events, read and sent to with something that exists, by who has no right to it: no 500."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from cantine.roles import synchronise
from events.models import Event, Question, Registration
from events.urls import urlpatterns
from members.models import User
from tests.factories.bookings import make_house
from tests.factories.events import make_category, make_event, make_question, make_registration
from tests.factories.members import make_membership, make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
NOTHING: dict[str, Any] = {}
EVERY = slice(None)
RUBBISH = {
    "do": "rien", "seat": "-1", "ticket": "x", "price": "NaN", "seats": "0",
    "email": "@", "entree-ticket": "999999999999", "entree-due": "Infinity", "day": "2026-02-31",
    "tarif-0-price": "1e9",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[list[Event], list[Registration]]]:
    """Events of every kind, and registrations in every state."""
    with lasting(django_db_blocker):
        synchronise()
        held = held_events()
        yield held, registered(held)


@pytest.fixture
def events(house: tuple[list[Event], list[Registration]]) -> list[Event]:
    return house[0]


@pytest.fixture
def registrations(house: tuple[list[Event], list[Registration]]) -> list[Registration]:
    return house[1]


def held_events() -> list[Event]:
    site, by, now = make_house(desks=0), make_user(role="volunteer"), timezone.now()
    kinds: list[dict[str, Any]] = [
        {},
        {"audience": "members"},
        {"state": "draft"},
        {"state": "submitted"},
        {"state": "cancelled"},
        {"visible_from": now + timedelta(days=1)},
        {"starts_at": now - timedelta(days=3)},
        {"ticket": {"pricing": "open", "price": "5.00"}},
        {"ticket": {"price": "5.00"}, "capacity": 1},
        {"tickets": False, "capacity": None},
        {"where": "online", "space": None, "online_link": "https://visio.example/secret"},
    ]
    found = [make_event(site=site, by=by, **kind) for kind in kinds]
    make_question(found[0], is_required=True)
    return found


def registered(events: list[Event]) -> list[Registration]:
    states = ("confirmed", "held", "waiting", "expired", "cancelled")
    made = [make_registration(events[0], state=state) for state in states]
    return [*made, make_registration(events[4]), make_registration(events[6])]


def given(events: list[Event], registrations: list[Registration]) -> dict[str, list[object]]:
    """What each part of an address may be."""
    seat = registrations[0].places.all()[0]
    return {
        "slug": [event.slug for event in events],
        "key": [each.key for each in registrations],
        "number": [registrations[0].pk, 13],
        "year": [2026],
        "name": ["rien.jpg"],
        "token": ["rien"],
        "code": [seat.code, make_category().code, events[0].site.code],
    }


def addresses(events: list[Event], registrations: list[Registration]) -> Iterator[list[str]]:
    """Of each page, its address with each thing there is."""
    parts = given(events, registrations)
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        longest = max((len(parts[name]) for name in names), default=1)
        page = []
        for index in range(longest):
            kwargs = {name: parts[name][index % len(parts[name])] for name in names}
            if pattern.name == "month":
                kwargs["number"] = 12
            page.append(reverse(f"events:{pattern.name}", kwargs=kwargs))
        yield page


ROLES = (None, "coworker", "volunteer", "treasurer")
IN_THE_SOAK = pytest.param(EVERY, marks=pytest.mark.soak)


def walk(
    browser: Client, events: list[Event], registrations: list[Registration], share: slice = EVERY
) -> None:
    """Open every page, with a share of what there is; the test's client raises whatever a view raises."""
    rubbish = {**RUBBISH, f"question_{Question.objects.get().pk}": "x" * 9_999}
    for turn, page in enumerate(addresses(events, registrations)):
        turned = page[turn % len(page) :] + page[: turn % len(page)]
        for address in turned[share] or turned[:1]:
            for sent in (None, NOTHING, rubbish):
                answer = browser.get(address) if sent is None else browser.post(address, sent)
                assert answer.status_code < 500, address


@pytest.mark.parametrize("share", [slice(None, None, 3), IN_THE_SOAK])
def test_a_visitor_breaks_nothing_and_changes_no_event(
    events: list[Event], registrations: list[Registration], share: slice
) -> None:
    before = list(Event.objects.order_by("pk").values())
    walk(Client(), events, registrations, share)
    counted = [{**row, "seats_taken": 0} for row in Event.objects.order_by("pk").values()]
    assert counted == [{**row, "seats_taken": 0} for row in before]


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", ROLES)
def test_nor_does_someone_whose_event_it_is_not(
    events: list[Event], registrations: list[Registration], role: str | None, whole: bool
) -> None:
    user: User = make_user(role=role) if role else make_user()
    make_membership(user=user)
    browser = Client()
    browser.force_login(user)
    states = list(Event.objects.order_by("pk").values_list("pk", "state", "title"))
    own = ROLES.index(role)  # each page with another thing than the other roles open it with
    walk(browser, events, registrations, EVERY if whole else slice(own, own + 1))
    theirs = Event.objects.exclude(created_by=user).order_by("pk")
    assert list(theirs.values_list("pk", "state", "title")) == states


@pytest.mark.parametrize("share", [slice(None, None, 5), IN_THE_SOAK])
def test_nor_does_their_own_organiser_with_rubbish(
    events: list[Event], registrations: list[Registration], share: slice
) -> None:
    browser = Client()
    browser.force_login(User.objects.get(pk=events[0].created_by_id))
    walk(browser, events, registrations, share=share)
