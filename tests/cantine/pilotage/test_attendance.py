"""« Fréquentation » in /gestion/: what it shows, whose sites, its tables, and how much it asks."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import Site
from cantine.pilotage import bars
from cantine.pilotage.attendance import Span
from cantine.roles import give_role, synchronise
from events.models import Attendance
from members.models import User
from tests.factories.bookings import NOW, make_confirmed, make_house, make_plain_booking, on
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PAGES = ("attendance", "attendance_spaces")
TABLES = ("occupation", "heures", "espaces", "personnes", "retours", "evenements", "locations")


def live(name: str) -> Site:
    """A booking, an event with someone who came, a request to rent."""
    site = make_house(name=name)
    person = make_user(name="Nom Secret")
    make_confirmed(space=site.spaces.get(number=1), period=on(TODAY, time(9), time(18)), user=person)
    make_plain_booking(space=site.spaces.get(code="ab"), period=on(TODAY, time(9), time(12)))
    event = make_event(site=site, starts_at=NOW - timedelta(days=30), title=f"Soirée {name}")
    registration = make_registration(event, user=person)
    Attendance.objects.create(seat=registration.places.get(), at=NOW)
    make_rental_request(site, organisation_name=f"Club {name}")
    return site


@pytest.fixture(scope="module")
def sites(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Site, Site]]:
    with time_machine.travel(NOW, tick=False), lasting(django_db_blocker):
        synchronise()
        yield live("Falaise"), live("Vernon")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(sites: tuple[Site, Site]) -> Client:
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[sites[0]])
    return signed_in(user)


def test_a_manager_reads_of_her_site_and_names_nobody(manager: Client) -> None:
    page = manager.get(reverse("admin:attendance"))
    found = page.context["found"]
    assert (found.hosted.people.number, found.held.whole.came, found.rentals.received) == (1, 1, 1)
    assertContains(page, "Quand la salle est pleine")
    assertContains(page, "12\u00a0mois jusqu’au mardi 24 novembre", count=4)
    assertContains(page, 'aria-current="page"')
    for name in PAGES:
        answer = manager.get(reverse(f"admin:{name}"), {"site": "vernon"})
        assertNotContains(answer, "Vernon")
        assertNotContains(answer, "Secret")
    for table in TABLES:
        answer = manager.get(reverse("admin:attendance_csv", args=[table]))
        assertNotContains(answer, "Vernon")
        assertNotContains(answer, "Secret")


def test_a_treasurer_reads_of_every_site_and_others_come_in_nowhere(sites: tuple[Site, Site]) -> None:
    treasurer = signed_in(make_user(role="treasurer"))
    page = treasurer.get(reverse("admin:attendance"))
    assertContains(page, "Vernon")
    assert page.context["found"].hosted.people.number == 2
    one = treasurer.get(reverse("admin:attendance"), {"site": sites[1].code})
    assert one.context["found"].hosted.people.number == 1
    for role in ("coworker", "volunteer"):
        assert signed_in(make_user(role=role)).get(reverse("admin:attendance")).status_code in (302, 403)


def test_tables_are_for_a_spreadsheet(manager: Client) -> None:
    def lines(table: str) -> list[str]:
        answer = manager.get(reverse("admin:attendance_csv", args=[table]))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"].endswith(f'"{table}-2026-11.csv"')
        text = answer.content.decode()
        assert text[0] == "\ufeff"
        return text[1:].split("\r\n")

    # The 11th is a holiday, and today the month is 24 days old: 16 days of nine hours for three desks.
    assert f"2026-11;Falaise;poste;9,00;{16 * 9 * 3},00;2" in lines("occupation")
    assert lines("heures")[0].startswith("Jour;9\u00a0h;10\u00a0h")
    assert any(line.startswith("Falaise;Poste 1;poste;9,00;") for line in lines("espaces"))
    assert "2026-11;1;0;0;0;0;0" in lines("personnes")
    assert "2026-10;1;1;0;0;0;0" in lines("personnes")
    assert lines("retours")[1] == "2026-10;1"
    assert "2026-10;Atelier;1;1;1;100" in lines("evenements")
    assert lines("locations")[1] == "Reçues;1;0,00"
    assert manager.get(reverse("admin:attendance_csv", args=["autre"])).status_code == 404


def test_the_page_asks_the_same_number_of_queries_whatever_there_is(
    sites: tuple[Site, Site], manager: Client
) -> None:
    def queries(client: Client, **asked: str) -> int:
        client.get(reverse("admin:attendance"), asked)
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("admin:attendance"), asked)
        return len(made)

    few = queries(manager)
    assert queries(manager, mois="36") == few
    everything = make_user(role=None)
    give_role(user=everything, role="manager", by=None, sites=list(sites))
    assert queries(signed_in(everything)) == few


def test_the_year_before_ends_as_the_period_does() -> None:
    assert Span(date(2025, 12, 1), date(2026, 11, 24)).before == Span(date(2024, 12, 1), date(2025, 11, 24))
    assert Span(date(2024, 3, 1), date(2025, 2, 28)).before == Span(date(2023, 3, 1), date(2024, 2, 29))
    assert Span(date(2024, 2, 1), date(2024, 2, 28)).before.last == date(2023, 2, 28)


def test_bars_stack_from_the_bottom_and_stay_inside() -> None:
    drawn = bars.draw(
        [date(2026, 1, 1), date(2026, 2, 1)], [("desks", [3, None]), ("new", [2, 0])], [4, None]
    )
    desk, new = drawn.boxes
    assert (desk.y + desk.h, new.y + new.h) == (drawn.bottom, desk.y)
    assert new.y >= 0
    assert len(drawn.marks) == 1
    assert [value for _y, value in drawn.ticks] == [0, 2, 4, 6]
    assert bars.draw([], []).boxes == []
