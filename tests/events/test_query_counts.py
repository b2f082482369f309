"""How many queries each page of events takes: few, and as many for a full house as for two people."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.models import Site
from events.models import Attendance, Event, Partner, Seat, Speaker
from members.models import User
from tests.factories.bookings import make_house
from tests.factories.events import make_crowd, make_event, make_question, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
SIGNED_IN = 5
"""Session, person, two of permissions, membership."""


@pytest.fixture
def site() -> Site:
    return make_house(desks=0)


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def asked(browser: Client, address: str) -> int:
    """How many queries a page takes once the premises are read."""
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@contextmanager
def as_few_afterwards(browser: Client, address: str, most: int) -> Iterator[None]:
    """The page takes at most `most`, and not one more after what is done inside."""
    few = asked(browser, address)
    assert few <= most
    yield
    assert asked(browser, address) == few


def coming(site: Site, by: User, count: int, *, first_day: int = 0) -> None:
    """Events of next month's first days, in their rooms, one a day."""
    month = (timezone.localtime() + timedelta(days=32)).replace(day=1, hour=18, minute=0)
    for number in range(first_day, first_day + count):
        make_event(site=site, by=by, room=True, starts_at=month + timedelta(days=number))


def month_address() -> str:
    month = timezone.localtime() + timedelta(days=32)
    return reverse("events:month", args=[month.year, month.month])


def test_the_agenda_takes_as_many_queries_for_a_full_month_as_for_two_and_a_members_one_more_for_a_ticket(
    site: Site, volunteer: User
) -> None:
    agenda, embed = (reverse(f"events:{name}") for name in ("agenda", "embed"))
    member = make_user()
    make_membership(user=member)
    coming(site, volunteer, 2)
    make_registration(Event.objects.all()[0], user=member)
    theirs, anyones = browser_of(member), Client()
    with ExitStack() as pages:
        for address, most in ((agenda, 7), (month_address(), 6), (embed, 5)):
            pages.enter_context(as_few_afterwards(anyones, address, most))
        for address, most in ((agenda, 8), (month_address(), 7)):
            pages.enter_context(as_few_afterwards(theirs, address, SIGNED_IN + most))
        coming(site, volunteer, 25, first_day=2)


def test_an_event_takes_as_many_queries_with_five_hundred_registered(site: Site) -> None:
    event = make_event(site=site, capacity=600)
    make_question(event)
    Speaker.objects.create(event=event, name="Inès Essai")
    Partner.objects.create(event=event, name="Maison d’essai")
    make_crowd(event, 2)
    with as_few_afterwards(Client(), event.get_absolute_url(), 6):
        make_crowd(event, 498, start=2)
        make_registration(event, state="waiting")


def test_what_an_organiser_reads_of_five_hundred_takes_as_many_queries_as_of_two(
    site: Site, volunteer: User
) -> None:
    event = make_event(site=site, by=volunteer, capacity=600)
    question = make_question(event)
    make_crowd(event, 2)
    first = event.registrations.all()[0]
    first.answers.create(question=question, text="Sans gluten")
    browser = browser_of(volunteer)
    desk, door = (reverse(f"events:{name}", args=[event.slug]) for name in ("desk", "checkin"))
    with as_few_afterwards(browser, desk, 15), as_few_afterwards(browser, door, 12):
        make_crowd(event, 498, start=2)
        here = Seat.objects.filter(registration__event=event)[:250]
        Attendance.objects.bulk_create(
            Attendance(seat=seat, at=event.starts_at, by=volunteer) for seat in here
        )


def test_today_takes_as_many_queries_with_many_events_as_with_one(site: Site, volunteer: User) -> None:
    member = make_user()
    make_membership(user=member)
    coming(site, volunteer, 1)
    home = reverse("home")
    for browser in (Client(), browser_of(member)):
        few = asked(browser, home)
        coming(site, volunteer, 12, first_day=Event.objects.count())
        assert asked(browser, home) == few
