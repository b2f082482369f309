"""« Locations » in /gestion/: what is next, who waits for whom, why requests are lost, and who reads it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from bookings.models import Site
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.pipeline import OPEN, Stage, staged
from bookings.services.rentals.sending import close_request
from tests.bookings.rentals.steps import HALL, make_accepted
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_draft, make_rental_request, make_sent

pytestmark = pytest.mark.django_db
D = Decimal
PAGE = "admin:rentals"


def test_late_ones_come_first_and_are_marked(client: Client, site: Site) -> None:
    today = NOW.date()
    make_rental_request(site, name="Plus tard", next_action="Rappeler", next_action_on=today)
    make_rental_request(
        site, name="En retard", next_action="Relancer", next_action_on=today - timedelta(days=1)
    )
    closed = make_rental_request(site, name="Close", state="done", next_action_on=today - timedelta(days=9))
    page = client.get(reverse(PAGE))
    assert [str(row.request) for row in page.context["rows"]] == ["En retard", "Plus tard"]
    assertContains(page, "en retard, prévue le", count=1)
    assert not staged(NOW).get(pk=closed.pk).is_late


def test_an_action_far_ahead_does_not_come_first(client: Client, site: Site) -> None:
    make_rental_request(
        site, name="Plus tard", next_action="Rappeler", next_action_on=NOW.date() + timedelta(days=60)
    )
    make_rental_request(site, name="Plus ancienne", received_at=NOW - timedelta(days=3))
    rows = client.get(reverse(PAGE)).context["rows"]
    assert [str(row.request) for row in rows] == ["Plus ancienne", "Plus tard"]


def test_a_quote_that_is_over_waits_for_us(client: Client, site: Site) -> None:
    rental = make_sent(site)
    with time_machine.travel(rental.quote.valid_until, tick=False):
        assertContains(client.get(reverse(PAGE)), "aucun devis n’est plus valable")


def test_a_draft_is_ours_to_send(client: Client, site: Site) -> None:
    rental = make_draft(site)
    assertContains(client.get(reverse(PAGE)), f"À nous d’envoyer le devis {rental.quote.number}")


def test_lost_reasons_are_counted_for_a_period(client: Client, site: Site) -> None:
    old = make_rental_request(site, price_excl=D(70), price_incl=D(84))
    close_request(request=old, reason="silent", now=NOW - timedelta(days=100))
    for price in (40, 60):
        lost = make_rental_request(site, price_excl=D(price), price_incl=D(price))
        close_request(request=lost, reason="price", now=NOW - timedelta(days=5))
    assert client.get(reverse(PAGE)).context["lost"] == [("prix", 2, D(100))]
    ever = client.get(reverse(PAGE), {"depuis": "0"}).context["lost"]
    assert ever == [("prix", 2, D(100)), ("sans nouvelles", 1, D(70))]


def test_a_treasurer_reads_and_others_do_not(site: Site) -> None:
    for role, status in (("treasurer", 200), ("volunteer", 403), ("coworker", 403)):
        browser = Client()
        browser.force_login(make_user(role=role))
        assert browser.get(reverse(PAGE)).status_code == status


def test_every_open_stage_is_one() -> None:
    assert set(OPEN) == set(Stage) - {Stage.DONE, Stage.LOST}


def test_a_balance_that_deducts_no_advance_is_waited_for_too(client: Client, site: Site) -> None:
    rental = make_accepted(site, percent=0)
    make_balance(rental=rental, lines=[HALL], by=None, now=NOW, before_end=True)
    assertContains(client.get(reverse(PAGE), {"etape": "terminee"}), "doit 1\u202f440,00")
