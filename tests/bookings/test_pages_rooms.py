"""The rooms page: the week, the hours asked for, what a POST does."""

import pytest
from django.test import Client

from bookings.models import Booking
from bookings.period import Period
from tests.factories.members import make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db
HOURS = {"salle": "pommier", "de": "14:00", "a": "16:00"}


@pytest.fixture
def place() -> Place:
    return make_place()


def page(place: Place) -> str:
    return f"/essai/salles/{place.day}/"


def test_the_hours_asked_for_show_their_price(client: Client, place: Place) -> None:
    text = client.get(page(place), HOURS).content.decode()
    assert "36,00" in text
    assert "block--chosen from-20 lasts-8" in text
    assert '<option value="14:00" selected>' in text


def test_the_first_free_room_is_offered(client: Client, place: Place) -> None:
    text = client.get(page(place), {"places": "7"}).content.decode()
    assert "Première salle libre pour 7 pendant" in text
    assert 'id="salle-poirier"' not in text


def test_what_is_taken_in_one_room_is_taken_in_the_joined_one(client: Client, place: Place) -> None:
    make_booked(make_user(), place.room("pommier"), Period(place.at(14), place.at(16)))
    text = client.get(page(place), {**HOURS, "salle": "verger"}).content.decode()
    assert "block--taken from-20 lasts-8" in text
    assert "Ce créneau n’est pas libre." in text


def test_booking_the_hours_seen_leads_to_the_payment(client: Client, place: Place) -> None:
    client.force_login(make_user())
    answer = client.post(page(place), {**HOURS, "vu": "14:00-16:00"})
    booking = Booking.objects.get()
    assert booking.period.utc == Period(place.at(14), place.at(16)).utc
    assert answer["Location"].endswith("/payer/")


def test_hours_changed_since_the_price_was_shown_are_shown_before_anything_is_booked(
    client: Client, place: Place
) -> None:
    client.force_login(make_user())
    answer = client.post(page(place), {**HOURS, "a": "17:00", "vu": "14:00-16:00"})
    assert answer.status_code == 302
    assert "a=17%3A00" in answer["Location"]
    assert not Booking.objects.exists()


def test_who_loses_the_race_is_told_and_offered_another_room(client: Client, place: Place) -> None:
    make_booked(make_user(), place.room("pommier"), Period(place.at(14), place.at(16)))
    client.force_login(make_user())
    answer = client.post(page(place), {**HOURS, "vu": "14:00-16:00"})
    assert answer.status_code == 409
    assert "salle=poirier" in answer.content.decode()
    assert Booking.objects.count() == 1


def test_hours_that_cannot_be_are_told_on_the_page(client: Client, place: Place) -> None:
    client.force_login(make_user())
    for start, end in (("16:00", "14:00"), ("14:00", "14:00"), ("14:07", "15:00")):
        asked = {"salle": "pommier", "de": start, "a": end}
        assert (start, client.get(page(place), asked).status_code) == (start, 200)
        assert (start, client.post(page(place), {**asked, "vu": f"{start}-{end}"}).status_code) == (
            start,
            409,
        )
    assert not Booking.objects.exists()


def test_a_skipped_hour_of_the_night_the_clocks_go_forward_is_refused(client: Client, place: Place) -> None:
    client.force_login(make_user())
    asked = {"salle": "pommier", "de": "02:00", "a": "02:30"}
    assert client.get("/essai/salles/2027-03-28/", asked).status_code == 200
    answer = client.post("/essai/salles/2027-03-28/", {**asked, "vu": "02:00-02:30"})
    assert answer.status_code == 409
    assert not Booking.objects.exists()


def test_what_makes_no_sense_is_not_found(client: Client, place: Place) -> None:
    for query in (
        "salle=inconnue",
        "de=25:00",
        "de=x&a=y",
        "places=-1",
        "places=9999",
        "salle=pommier&de=1400x",
    ):
        assert (query, client.get(f"{page(place)}?{query}").status_code) == (query, 404)


def test_a_visitor_is_led_to_sign_in_with_the_hours_kept(client: Client, place: Place) -> None:
    answer = client.post(page(place), {**HOURS, "vu": "14:00-16:00"})
    assert answer.status_code == 302
    assert "de%3D14%253A00" in answer["Location"]
    assert not Booking.objects.exists()
