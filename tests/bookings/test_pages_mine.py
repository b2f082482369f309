"""My bookings: the list, one booking's ticket, calling it off."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from tests.factories.members import make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/moi/reservations/"


@pytest.fixture
def place() -> Place:
    return make_place()


def test_nothing_booked_says_what_to_do(client: Client, place: Place) -> None:
    client.force_login(make_user())
    text = client.get(LIST).content.decode()
    assert "Aucune réservation à venir" in text
    assert "/reserver/" in text


def test_a_hold_can_be_paid_and_a_confirmed_booking_shows_its_ticket(client: Client, place: Place) -> None:
    user = make_user()
    held = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    client.force_login(user)
    text = client.get(LIST).content.decode()
    assert "option jusqu’à" in text
    assert held.line is not None
    assert f"/commandes/{held.line.order.public_id}/payer/" in text
    sure = make_booked(user, place.desk(2), place.morning())
    text = client.get(f"{LIST}{sure.reference}/").content.decode()
    assert "La table est mise" in text
    assert sure.reference in text
    assert '<path fill="#16262A" d="M' in text


def test_door_and_wifi_are_told_from_the_day_before_to_the_end_only(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    client.force_login(user)
    address = f"{LIST}{booking.reference}/"
    for moment, told in (
        (place.at(9) - timedelta(days=3), False),
        (place.at(9) - timedelta(days=1), True),
        (place.at(12), True),
        (place.at(13, 1), False),
    ):
        with time_machine.travel(moment, tick=False):
            client.force_login(user)
            text = client.get(address).content.decode()
            assert ("4719" in text) is told
            assert ("pomme-essai" in text) is told


def test_a_hold_is_not_told_the_door(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    with time_machine.travel(place.at(8), tick=False):
        client.force_login(user)
        assert "4719" not in client.get(f"{LIST}{booking.reference}/").content.decode()


@pytest.mark.parametrize("suffix", ["", "annuler/", "agenda.ics"])
def test_what_is_someone_elses_is_not_found(client: Client, place: Place, suffix: str) -> None:
    booking = make_booked(make_user(), place.desk(1), place.morning())
    client.force_login(make_user())
    assert client.get(f"{LIST}{booking.reference}/{suffix}").status_code == 404
    assert client.post(f"{LIST}{booking.reference}/annuler/").status_code == 404
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED


def test_calling_off_names_the_booking_and_asks_first(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    client.force_login(user)
    text = client.get(f"{LIST}{booking.reference}/annuler/").content.decode()
    assert "Poste 1" in text
    assert "Garder ma réservation" in text
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED
    client.post(f"{LIST}{booking.reference}/annuler/")
    booking.refresh_from_db()
    assert booking.state == Booking.State.CANCELLED
    assert not booking.occupancies.exists()


def test_what_has_begun_cannot_be_called_off(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    with time_machine.travel(place.at(10), tick=False):
        client.force_login(user)
        answer = client.post(f"{LIST}{booking.reference}/annuler/")
    assert answer.status_code == 409
    assert "déjà commencé" in answer.content.decode()
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED


def test_the_list_takes_eight_queries_however_many_bookings(client: Client, place: Place) -> None:
    user = make_user()
    make_booked(user, place.desk(1), place.morning())
    client.force_login(user)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in (2, 3, 4):
        make_booked(user, place.desk(number), place.morning())
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(few) == len(many) <= 8, [query["sql"][:120] for query in many]


def test_past_and_cancelled_bookings_are_under_past(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    client.force_login(user)
    client.post(f"{LIST}{booking.reference}/annuler/")
    assert booking.reference not in client.get(LIST).content.decode()
    text = client.get(LIST, {"vue": "passees"}).content.decode()
    assert booking.reference in text
    assert "annulé" in text


def test_the_agenda_of_events_says_truthfully_that_nothing_is_planned(client: Client, place: Place) -> None:
    assert "Rien au programme" in client.get("/evenements/").content.decode()
