"""What « / » shows to a visitor, and to someone signed in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from cantine.home.today import Carnet, NextBooking, Owed, Step, Today, Usual
from cantine.home.views import home
from members.models import User

DAY = date(2026, 11, 24)


def page_of(today: Today) -> str:
    """The page of someone called Camille."""
    request = RequestFactory().get("/")
    request.user = User(email="camille@exemple.example", name="Camille Fauvel")
    return render_to_string("home/today.html", {"today": today}, request=request)


@pytest.fixture
def visitor_page(rf: RequestFactory) -> str:
    request = rf.get("/")
    request.user = AnonymousUser()
    return home(request).content.decode()


def test_a_visitor_reads_what_the_place_is_and_how_to_come(visitor_page: str) -> None:
    assert "Votre place à table pour travailler" in visitor_page
    assert "Normandie WebXperts" in visitor_page
    assert "Métropole Rouen Normandie" in visitor_page
    assert 'id="venir"' in visitor_page


def test_no_event_is_said_so(visitor_page: str) -> None:
    assert "Rien d’annoncé pour l’instant" in visitor_page


def test_without_prices_there_is_no_slate(visitor_page: str) -> None:
    assert 'class="slate"' not in visitor_page


def test_prices_are_on_the_slate(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    card = [("La demi-journée", "un poste, le Wi-Fi, le café", "9,00\u00a0€")]
    text = render_to_string("home/visitor.html", {"card": card, "events": []}, request=request)
    assert text.count('class="slate"') == 1
    assert "9,00\u00a0€" in text


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
    assert "9\u00a0h – 13\u00a0h" in text
    assert all(word in text for word in ("Poste 7", "4719", "pomme-tarte-42", "Signaler mon arrivée"))


def test_nothing_booked_shows_the_empty_plate_and_the_way_on() -> None:
    text = page_of(Today(day=DAY, free_today=1, free_tomorrow=15))
    assert "Votre place n’est pas encore mise" in text
    assert "1 poste est libre aujourd’hui, 15 demain." in text


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
