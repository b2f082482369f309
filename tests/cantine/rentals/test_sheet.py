"""The sheet of a day in /gestion/: what is to be set up, where, how, from when to when."""

from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import Booking, Site
from bookings.services.rentals.sending import withdraw_quote
from cantine.gestion import sheet
from tests.factories.bookings import NOW, PARIS
from tests.factories.events import make_event
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_rented_house, make_sent

pytestmark = pytest.mark.django_db
SHEET = "admin:day_sheet"


def evening(site: Site) -> None:
    """An event in a room of the site, on the day of the factories' rentals."""
    starts = datetime.combine(DAY, time(18), PARIS)
    make_event(site=site, room=True, title="Apéro d’essai", starts_at=starts, seats_taken=4)
    Booking.objects.filter(event_room__isnull=False).update(purpose="event")


def asked(site: Site, day: date = DAY) -> dict[str, str]:
    """What the address says."""
    return {"site": site.code, "jour": day.isoformat()}


def test_a_rental_and_an_event_with_all_that_sets_them_up(client: Client, site: Site) -> None:
    make_sent(site, organisation_name="Nuages bas", layout="theatre", phone="02 00 00 00 00")
    evening(site)
    page = client.get(reverse(SHEET), asked(site))
    for said in (
        "Nuages bas", "Le Quai", "En théâtre", "02 00 00 00 00", "Une assemblée d’essai.", "en option",
        "Apéro d’essai", "4 personnes inscrites, 10 places en tout",
    ):  # fmt: skip
        assertContains(page, said)
    rental, event = page.context["setups"]
    assert dict(rental.facts)["Prête à"] == "13\u00a0h\u00a030"
    assert dict(event.facts)["Rangée à"] == "20\u00a0h\u00a030"
    assert rental.extras[0].startswith("Le Quai")


def test_what_holds_nothing_any_more_is_not_set_up(client: Client, site: Site) -> None:
    rental = make_sent(site, organisation_name="Nuages bas")
    withdraw_quote(rental=rental, now=NOW)
    page = client.get(reverse(SHEET), asked(site))
    assertNotContains(page, "Nuages bas")
    assertContains(page, "Rien n’est à mettre en place")


def test_another_day_and_another_site_are_not_told(client: Client, site: Site) -> None:
    make_sent(site, organisation_name="Nuages bas")
    assertNotContains(client.get(reverse(SHEET), asked(site, date(2026, 12, 13))), "Nuages bas")
    assertNotContains(client.get(reverse(SHEET), asked(make_rented_house())), "Nuages bas")


def test_the_day_leads_to_its_sheet(client: Client, site: Site) -> None:
    page = client.get(reverse("admin:index"), asked(site))
    assertContains(page, f"{reverse(SHEET)}?site={site.code}&amp;jour={DAY.isoformat()}")


def test_two_queries_for_a_day_however_full(site: Site) -> None:
    make_sent(site)
    evening(site)
    with CaptureQueriesContext(connection) as queries:
        assert len(sheet.read(site, DAY)) == 2
    assert len(queries) == 2


def test_only_who_works_there_reads_it(site: Site) -> None:
    for role, status in (("treasurer", 200), ("volunteer", 403), ("coworker", 403)):
        browser = Client()
        browser.force_login(make_user(role=role))
        assert browser.get(reverse(SHEET), asked(site)).status_code == status
