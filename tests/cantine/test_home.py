"""What « / » shows to a visitor, and to someone signed in."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from bookings.models import Site, Tariff
from cantine.home.today import Carnet, NextBooking, Owed, Step, Today, Usual
from cantine.home.views import home
from members.models import User
from tests.factories.bookings import make_tariff
from tests.factories.members import make_membership, make_user
from tests.factories.places import make_booked, make_place

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def page_of(today: Today) -> str:
    """The page of someone called Camille."""
    request = RequestFactory().get("/")
    request.user = User(email="camille@exemple.example", name="Camille Fauvel")
    return render_to_string("home/today.html", {"today": today}, request=request)


def visit(rf: RequestFactory, user: User | AnonymousUser) -> str:
    """What « / » answers."""
    request = rf.get("/")
    request.user = user
    return home(request).content.decode()


def test_a_visitor_reads_what_the_place_is_and_how_to_come(rf: RequestFactory) -> None:
    page = visit(rf, AnonymousUser())
    assert "Votre place à table pour travailler" in page
    assert "Normandie WebXperts" in page
    assert "Métropole Rouen Normandie" in page
    assert 'id="venir"' in page
    assert "Rien d’annoncé pour l’instant" in page


def test_without_a_site_there_is_no_slate(rf: RequestFactory) -> None:
    assert 'class="slate"' not in visit(rf, AnonymousUser())


def test_a_site_shows_its_prices_and_how_many_desks_are_free(rf: RequestFactory) -> None:
    place = make_place()
    Site.objects.update(email="bonjour@cantine.example", phone="02 00 00 00 00")
    with time_machine.travel(place.at(10)):
        page = visit(rf, AnonymousUser())
    assert page.count('class="slate"') == 1
    assert "La demi-journée" in page
    assert page.count("Maison d’essai, 1, rue de l’Exemple, 76140 Le Petit-Quevilly") == 2
    assert page.count('href="mailto:bonjour@cantine.example"') == 2
    assert 'href="tel:0200000000"' in page
    assert "Ouvert aujourd’hui, 9\u00a0h\u00a0–\u2060\u00a018\u00a0h, 4 postes libres toute la" in page


def test_once_the_day_is_over_the_next_open_one_is_offered_at_ones_own_prices(
    rf: RequestFactory,
) -> None:
    place, user = make_place(), make_user()
    Tariff.objects.filter(audience="member", kind="desk").delete()
    make_tariff(place.site, "desk", audience="member", half_day=Decimal("3.33"))
    with time_machine.travel(place.at(18, 20)):
        page = visit(rf, user)
        make_membership(user=user)
        theirs = visit(rf, user)
    assert "aujourd’hui." not in page
    assert "libres toute la journée" in page
    assert reverse("bookings:report", args=[place.site.code]) in page
    following = next(iter(re.findall(r"/reserver/(\d{4}-\d\d-\d\d)/", page)))
    assert place.day < date.fromisoformat(following) <= place.day + timedelta(days=4)
    assert "3,33\u00a0€" in theirs
    assert "3,33\u00a0€" not in page


def test_a_closed_day_promises_no_opening(rf: RequestFactory) -> None:
    place = make_place()
    sunday = place.at(10) - timedelta(days=place.day.weekday() + 1)
    with time_machine.travel(sunday):
        assert "Ouvert aujourd’hui" not in visit(rf, AnonymousUser())


@pytest.mark.django_db(transaction=True)
def test_a_booking_of_today_is_the_ticket_with_the_way_in(rf: RequestFactory) -> None:
    place, user = make_place(), make_user(name="Camille Fauvel")
    make_booked(user, place.desk(1), place.morning())
    with time_machine.travel(place.at(8, 40)):
        page = visit(rf, user)
    assert "Bonjour Camille" in page
    assert "dans 20\u00a0min" in page
    assert "4719" in page
    assert "Votre place n’est pas encore mise" not in page


@pytest.mark.django_db(transaction=True)
def test_the_door_code_waits_for_the_day_before(rf: RequestFactory) -> None:
    place, user = make_place(), make_user()
    make_booked(user, place.desk(1), place.morning())
    page = visit(rf, user)
    assert place.desk(1).label in page
    assert "4719" not in page


def test_a_first_visit_begins_with_the_empty_plate_and_steps(rf: RequestFactory) -> None:
    make_place()
    page = visit(rf, make_user())
    assert "Votre place n’est pas encore mise" in page
    assert "Réserver votre première place" in page


def test_the_ticket_says_how_to_get_in() -> None:
    booking = NextBooking(
        day=DAY,
        start=datetime(2026, 11, 24, 8, tzinfo=UTC),
        end=datetime(2026, 11, 24, 12, tzinfo=UTC),
        name="Poste 7",
        href="/moi/reservations/7K2-M4/",
        is_today=True,
        door="Porte B",
        door_code="4719",
        wifi_name="Cantine-Membres",
        wifi_password="pomme-tarte-42",
        arrive_url="/moi/reservations/7K2-M4/arrivee/",
    )
    text = page_of(Today(day=DAY, booking=booking))
    assert "Bonjour Camille" in text
    assert "9\u00a0h\u00a0–\u2060\u00a013\u00a0h" in text
    assert all(word in text for word in ("Poste 7", "4719", "pomme-tarte-42", "Signaler mon arrivée"))


def test_nothing_booked_shows_the_empty_plate_and_the_way_on() -> None:
    text = page_of(Today(day=DAY, free_today=1, free_tomorrow=15))
    assert "Votre place n’est pas encore mise" in text
    assert "1 poste est libre toute la journée aujourd’hui, 15 demain." in text


def test_a_first_visit_has_three_steps_instead_of_debts() -> None:
    steps = [Step(title="Créer votre compte", is_done=True), Step(title="Choisir une formule", href="/x")]
    owed = Owed(amount=Decimal("36.00"), what="salle Pommier", href="/p")
    text = page_of(Today(day=DAY, steps=steps, owed=owed))
    assert "Choisir une formule" in text
    assert "À régler" not in text


def test_debts_units_and_the_usual_desk_stand_together() -> None:
    text = page_of(
        Today(
            day=DAY,
            owed=Owed(amount=Decimal("36.00"), what="salle Pommier", href="/p"),
            carnet=Carnet(left=1, until=date(2027, 3, 3), discs=(True, False)),
            usual=Usual(title="Demain matin", note="Poste 7", action="/r", fields={"poste": "7"}),
        )
    )
    assert "36,00\u00a0€" in text
    assert "demi-journées" not in text
    assert '<input type="hidden" name="poste" value="7">' in text
