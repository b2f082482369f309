"""The one search field finds who asks to rent and who holds a ticket, and « À faire » counts who waits."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(role="manager"))
    return client


def test_who_asks_to_rent_is_found_and_waits_for_an_answer(client: Client) -> None:
    found = make_rental_request(make_house(), name="Paule Essai", organisation_name="Coopérative Essai")
    record = reverse("admin:bookings_rentalrequest_change", args=[found.pk])
    assertRedirects(client.get(reverse("admin:search"), {"q": "paule"}), record)
    assertContains(client.get(reverse("admin:index")), "1 demande de location")


@pytest.mark.parametrize("dashes", [True, False])
def test_a_ticket_is_found_by_its_code_as_it_is_read_aloud(client: Client, dashes: bool) -> None:
    found = make_registration(make_event())
    seat = found.places.get()
    record = reverse("admin:events_registration_change", args=[found.pk])
    words = seat.spelt.lower() if dashes else seat.code
    assertRedirects(client.get(reverse("admin:search"), {"q": words}), record)
