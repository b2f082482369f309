"""The desks page: what it shows, to whom, and what a POST does."""

import re
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import Booking
from members.formats import day as say_day
from tests.factories.members import make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def page(place: Place) -> str:
    return f"/essai/reserver/{place.day}/"


def test_a_visitor_sees_plan_list_and_the_outside_price_and_is_led_to_sign_in(
    client: Client, place: Place
) -> None:
    answer = client.get(page(place), {"moment": "matin", "poste": "2"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="desk-poste-2"' in text
    assert "Poste 2, choisi" in text
    assert "9,00" in text
    assert f"next=/essai/reserver/{place.day}/%3Fmoment%3Dmatin%26poste%3D2" in text
    assert "4 postes libres" in text


def test_a_post_without_a_session_leads_to_sign_in_and_books_nothing(client: Client, place: Place) -> None:
    answer = client.post(page(place), {"moment": "matin", "poste": "2"})
    assert answer.status_code == 302
    assert "poste%3D2" in answer["Location"]
    assert not Booking.objects.exists()


def test_booking_a_desk_holds_it_and_leads_to_the_payment(client: Client, place: Place) -> None:
    user = make_user()
    client.force_login(user)
    answer = client.post(page(place), {"moment": "matin", "poste": "2"})
    booking = Booking.objects.get()
    assert (booking.space.number, booking.state, booking.booked_by) == (2, "held", user)
    assert booking.period.utc == place.morning().utc
    assert booking.line is not None
    assert answer["Location"] == f"/commandes/{booking.line.order.public_id}/payer/"


def test_any_desk_books_one_of_the_free_ones(client: Client, place: Place) -> None:
    client.force_login(make_user())
    assert client.post(page(place), {"moment": "journee", "poste": "libre"}).status_code == 302
    assert Booking.objects.get().space.kind == "desk"


def test_who_loses_the_race_stays_on_the_page_with_the_nearest_desk_chosen(
    client: Client, place: Place
) -> None:
    make_booked(make_user(), place.desk(2), place.morning())
    client.force_login(make_user())
    answer = client.post(page(place), {"moment": "matin", "poste": "2"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Le poste 2 vient d’être pris." in text
    assert "Rien n’a été débité." in text
    assert 'name="poste" value="3"' in text or 'name="poste" value="1"' in text
    assert Booking.objects.count() == 1


def test_a_taken_desk_is_named_and_cannot_be_chosen(client: Client, place: Place) -> None:
    make_booked(make_user(), place.desk(2), place.morning())
    text = client.get(page(place), {"moment": "matin", "poste": "2"}).content.decode()
    assert "Poste 2, pris" in text
    assert "poste 2 n’est pas libre" in text
    assert 'id="desk-poste-2"' not in text


def test_my_desk_leads_to_my_booking(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(2), place.morning())
    client.force_login(user)
    text = client.get(page(place), {"moment": "matin"}).content.decode()
    assert "Poste 2, à vous" in text
    assert f"/moi/reservations/{booking.reference}/" in text


def test_a_filter_fades_the_others_and_counts_what_remains(client: Client, place: Place) -> None:
    text = client.get(page(place), {"moment": "matin", "equipement": "fenetre-essai"}).content.decode()
    assert "1 poste libre correspond" in text
    assert text.count("desk--faded") == 3


def test_htmx_gets_the_part_that_changes(client: Client, place: Place) -> None:
    answer = client.get(page(place), {"moment": "matin"}, headers={"HX-Request": "true"})
    assertContains(answer, '<div id="choice"', count=1)
    assertContains(answer, say_day(place.day, "fr"))  # its title
    assertNotContains(answer, "<html")
    assert "HX-Request" in answer["Vary"]


def test_what_makes_no_sense_is_not_found(client: Client, place: Place) -> None:
    for address in (
        "/essai/reserver/2026-02-30/",
        "/essai/reserver/demain/",
        "/essai/reserver/0001-01-01/",
        "/ailleurs/reserver/2026-12-01/",
        "/essai/reserver/2026-12-01/?poste=99",
        "/essai/reserver/2026-12-01/?poste=-1",
        "/essai/reserver/2026-12-01/?poste=²",
        "/essai/reserver/2026-12-01/?moment=minuit",
    ):
        assert (address, client.get(address).status_code) == (address, 404)


def test_far_and_past_days_are_shown_but_not_booked(client: Client, place: Place) -> None:
    client.force_login(make_user())
    for day in ("2000-01-01", "2024-02-29", "2999-12-31"):
        address = f"/essai/reserver/{day}/"
        assert (day, client.get(address).status_code) == (day, 200)
        assert (day, client.post(address, {"moment": "matin", "poste": "1"}).status_code) == (day, 409)
    assert not Booking.objects.exists()


def test_a_forged_price_changes_nothing(client: Client, place: Place) -> None:
    client.force_login(make_user())
    client.post(page(place), {"moment": "matin", "poste": "1", "prix": "0", "amount": "0.01"})
    line = Booking.objects.get().line
    assert line is not None
    assert str(line.amount_incl) == "9.00"


def test_the_page_takes_eight_queries_however_many_desks_and_bookings(client: Client, place: Place) -> None:
    user = make_user()
    client.force_login(user)
    client.get(page(place))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page(place), {"moment": "matin"})
    other = make_user()
    for number in (1, 2, 3):
        make_booked(other, place.desk(number), place.morning())
    with CaptureQueriesContext(connection) as many:
        client.get(page(place), {"moment": "matin"})
    assert len(few) == len(many)
    assert len(many) <= 8, [query["sql"][:120] for query in many]


def test_the_short_address_leads_to_a_day(client: Client, place: Place) -> None:
    assert client.get("/reserver/")["Location"].startswith("/essai/reserver/2")
    chosen = client.get("/essai/reserver/", {"jour": "2026-12-01"})
    assert chosen["Location"] == "/essai/reserver/2026-12-01/"


def test_without_a_day_one_is_led_to_the_one_on_which_one_may_still_come(
    client: Client, place: Place
) -> None:
    for now, day in (
        ("2026-11-30T17:59:00+01:00", "2026-11-30"),
        ("2026-11-30T18:00:00+01:00", "2026-12-01"),
        ("2026-11-27T20:00:00+01:00", "2026-11-30"),
        ("2026-11-29T10:00:00+01:00", "2026-11-30"),
    ):
        with time_machine.travel(datetime.fromisoformat(now), tick=False):
            for pages in ("reserver", "salles"):
                assert client.get(f"/{pages}/")["Location"] == f"/essai/{pages}/{day}/"


def test_what_was_just_done_is_told_once_on_a_page_that_is_kept(client: Client, place: Place) -> None:
    client.force_login(make_user())
    assert 'id="messages"' not in client.get(page(place)).content.decode()
    client.post(reverse("account_logout"))
    assert 'id="messages"' in client.get(page(place)).content.decode()
    assert 'id="messages"' not in client.get(page(place)).content.decode()


def test_each_reader_of_a_page_that_is_kept_has_forms_of_their_own(place: Place) -> None:
    pages = []
    for _ in range(2):
        reader = Client(enforce_csrf_checks=True)
        reader.force_login(make_user())
        pages.append((reader, reader.get(page(place), {"moment": "matin", "poste": "2"})))
    for reader, shown in pages:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.content.decode())
        assert token
        form = {"moment": "matin", "poste": "2", "csrfmiddlewaretoken": token[1]}
        assert reader.post(page(place), form).status_code in {302, 409}
    assert Booking.objects.count() == 1
