"""The report for who funds the place: its private links, and what its figures come to."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import Site
from bookings.services.freeing import cancel_booking
from cantine.models import ReportLink
from cantine.pilotage.figures.months import months_before
from cantine.report.figures import figures
from cantine.report.links import make_link, revoke_link
from cantine.roles import give_role, take_role
from events.models import Attendance
from members.errors import NotAllowed
from members.models import User
from tests.factories.bookings import NOW, make_confirmed, make_house, make_plain_booking, on
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return make_house(name="Falaise")


@pytest.fixture
def manager(site: Site) -> User:
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[site])
    return user


def test_a_link_shows_the_report_to_nobody_in_particular_and_tells_nobody(site: Site, manager: User) -> None:
    link = make_link(label="Métropole", site=site, days=30, by=manager, now=NOW)
    page = Client().get(reverse("report", args=[link.key]))
    assertContains(page, "Falaise")
    assertContains(page, "lien privé pour Métropole")
    html = page.content.decode()
    assert html.index("<b>0,00\u00a0€</b>") < html.index('<td class="number">0,00')  # a phone shows the total
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    link.refresh_from_db()
    assert (link.last_opened_at, link.times_opened) == (NOW, 1)


def test_wrong_over_and_revoked_links_get_the_very_same_answer(site: Site, manager: User) -> None:
    made = [make_link(label=f"{n}", site=site, days=1, by=manager, now=NOW) for n in range(2)]
    revoke_link(link=made[0], by=manager, now=NOW)
    answers = [Client().get(reverse("report", args=[key])) for key in ("faux", made[0].key)]
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        answers.append(Client().get(reverse("report", args=[made[1].key])))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assertContains(answers[0], "Demandez-en un nouveau", status_code=404)
    assert answers[0]["Referrer-Policy"] == "no-referrer"
    assert not ReportLink.objects.filter(times_opened__gt=0).exists()


def test_the_links_of_who_leaves_open_nothing_any_more(site: Site, manager: User) -> None:
    link = make_link(label="Métropole", site=site, days=30, by=manager, now=NOW)
    take_role(user=manager, role="manager", by=None)
    assert Client().get(reverse("report", args=[link.key])).status_code == 404


def test_a_manager_makes_links_about_her_sites_only(site: Site, manager: User) -> None:
    for other in (make_house(), None):
        with pytest.raises(NotAllowed):
            make_link(label="Ailleurs", site=other, days=30, by=manager, now=NOW)
    assert not ReportLink.objects.exists()
    assert make_link(
        label="Tous", site=None, days=9999, by=make_superuser(), now=NOW
    ).expires_at < NOW + timedelta(days=368)


def test_she_makes_sees_and_revokes_links_in_gestion(site: Site, manager: User) -> None:
    client, page = Client(), reverse("admin:report_links")
    client.force_login(manager)
    client.post(page, {"label": "Métropole", "site": site.pk, "days": 30})
    link = ReportLink.objects.get()
    assertContains(client.get(page), link.key)
    assertContains(client.get(page), "jamais lu")
    Client().get(reverse("report", args=[link.key]))
    assertContains(client.get(page), "lu pour la dernière fois le")
    client.post(reverse("admin:revoke_report_link", args=[link.pk]))
    assertNotContains(client.get(page), link.key)
    assertContains(client.get(page), "révoqué le")
    refused = client.post(page, {"label": "Tous", "site": "", "days": 30})
    assert (refused.status_code, ReportLink.objects.count()) == (422, 1)


def test_income_is_what_was_invoiced_less_what_was_credited_by_category(site: Site, manager: User) -> None:
    kept, gone = (make_confirmed(space=site.spaces.get(number=number)) for number in (1, 2))
    cancel_booking(booking=gone, by=manager, now=NOW)
    make_confirmed(space=make_house().spaces.get(number=1))
    assert kept.line is not None
    kept.line.product.report_category = "postes"
    kept.line.product.save()
    month = figures([site], TODAY)[-1]
    assert month.total == kept.line.amount_excl
    assert {name: amount for name, amount in month.income.items() if amount} == {"postes": Decimal("7.50")}


def test_occupancy_is_hours_taken_over_hours_open_times_desks_and_rooms(site: Site) -> None:
    make_plain_booking(space=site.spaces.get(number=1), period=on(TODAY, time(14), time(18)))
    make_plain_booking(space=site.spaces.get(code="ab"), period=on(TODAY, time(9), time(12)))
    month = figures([site], TODAY)[-1]
    assert month.hours.taken_hours == 4 + 2 * 3  # two rooms joined are two
    assert month.hours.offered == timedelta(hours=9 * 20 * 5)
    assert figures([make_house()], TODAY)[0].hours.percent == 0


def test_events_count_once_they_are_published_with_who_was_expected_and_came(site: Site) -> None:
    event = make_event(site=site, starts_at=NOW + timedelta(hours=2), ends_at=NOW + timedelta(hours=4))
    here, _absent = make_registration(event), make_registration(event)
    Attendance.objects.create(seat=here.places.get(), at=NOW)
    make_event(starts_at=NOW + timedelta(hours=2), ends_at=NOW + timedelta(hours=4))
    month = figures([site], TODAY)[-1]
    assert (month.events, month.expected, month.came) == (1, 2, 1)


def test_a_year_of_months_ends_with_this_one() -> None:
    months = months_before(date(2026, 1, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 2, 1), date(2026, 1, 1), 12)
