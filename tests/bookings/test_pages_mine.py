"""My bookings: the list, one booking's ticket, calling it off."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Document
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Presence
from members.messages import kinds
from members.messages.rendering import template_names
from tests.factories.members import make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db
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


def test_door_and_wifi_are_told_from_the_day_before_to_the_end_only_and_to_no_hold(
    client: Client, place: Place
) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    held = make_booked(user, place.desk(2), place.morning(), confirmed=False)
    with time_machine.travel(place.at(8), tick=False):
        client.force_login(user)
        assert "4719" not in client.get(f"{LIST}{held.reference}/").content.decode()
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


def test_what_is_someone_elses_is_not_found(client: Client, place: Place) -> None:
    booking = make_booked(make_user(), place.desk(1), place.morning())
    client.force_login(make_user())
    for suffix in ("", "annuler/", "agenda.ics"):
        assert (suffix, client.get(f"{LIST}{booking.reference}/{suffix}").status_code) == (suffix, 404)
    assert client.post(f"{LIST}{booking.reference}/annuler/").status_code == 404
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED


def test_calling_off_names_the_booking_asks_first_and_moves_it_to_a_list_of_its_own(
    client: Client, place: Place
) -> None:
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
    for view in ("", "passees"):
        assert booking.reference not in client.get(LIST, {"vue": view}).content.decode()
    text = client.get(LIST, {"vue": "annulees"}).content.decode()
    assert booking.reference in text
    assert "annulée" in text


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


def test_an_option_given_up_says_that_nothing_was_taken_and_is_in_no_list(
    client: Client, place: Place
) -> None:
    user = make_user()
    held = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    client.force_login(user)
    text = client.post(f"{LIST}{held.reference}/annuler/", follow=True).content.decode()
    assert "Option rendue" in text
    assert "Rien n’a été débité." in text
    assert "9,00" not in text
    for view in ("", "passees", "annulees"):
        assert held.reference not in client.get(LIST, {"vue": view}).content.decode()


def test_what_took_place_is_past_and_says_whether_they_came(client: Client, place: Place) -> None:
    user = make_user()
    came, stayed = (make_booked(user, place.desk(number), place.morning()) for number in (1, 2))
    Presence.objects.create(booking=came, arrived_at=place.at(9))
    with time_machine.travel(place.at(14), tick=False):
        client.force_login(user)
        text = client.get(LIST, {"vue": "passees"}).content.decode()
    assert came.reference in text
    assert stayed.reference in text
    assert ("pointée" in text, "passée" in text, "confirmée" in text) == (True, True, False)


def test_a_cancelled_booking_says_what_comes_back_and_how(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    assert booking.line
    take_at_desk(order=booking.line.order, method="cash", by=make_user(role="manager"), now=timezone.now())
    client.force_login(user)
    text = client.post(f"{LIST}{booking.reference}/annuler/", follow=True).content.decode()
    note = Document.objects.get(kind="credit_note")
    assert "9,00\u00a0€ vous sont rendus à l’accueil" in text
    assert f'href="{note.get_absolute_url()}"' in text
    context = kinds.kind_of("bookings/cancelled").load({"booking": booking.pk})
    assert context
    for name in template_names("bookings/cancelled")[1:]:
        letter = render_to_string(name, {**context, "language": "fr"})
        assert "9,00\u00a0€ vous sont rendus à l’accueil" in letter
        assert note.number in letter


def test_a_booking_cancelled_late_says_what_is_kept_and_why(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    assert booking.line
    take_at_desk(order=booking.line.order, method="cash", by=make_user(role="manager"), now=timezone.now())
    with time_machine.travel(place.at(8), tick=False):
        client.force_login(user)
        text = client.post(f"{LIST}{booking.reference}/annuler/", follow=True).content.decode()
    assert "4,50\u00a0€ sont gardés\u00a0: l’annulation gratuite s’arrêtait le" in text


def test_the_agenda_of_events_says_truthfully_that_nothing_is_planned(client: Client, place: Place) -> None:
    assert "Rien au programme" in client.get("/evenements/").content.decode()
