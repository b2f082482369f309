"""« Aujourd'hui »: who is here, of those who show it; whose place is next; arriving; what is owed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Document
from bookings.models import Presence
from bookings.services import presence
from bookings.services.booking import book_space
from members.models import Preferences, User
from tests.factories.billing import make_organisation_customer
from tests.factories.members import make_membership, make_organisation, make_user
from tests.factories.places import Place, customer_of, make_booked, make_place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    return make_place()


def page_for(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def arrived(place: Place, desk: int, *, name: str, shares: bool) -> User:
    """Someone who has come for the morning, and shows it or not."""
    user = make_user(name=name)
    booking = make_booked(user, place.desk(desk), place.morning())
    presence.arrive(booking=booking, by=user, now=place.at(9, 5))
    if shares:
        Preferences.objects.create(user=user, shares_presence=True)
    return user


def test_only_those_who_chose_it_are_named_and_only_while_they_are_here(place: Place) -> None:
    arrived(place, 1, name="Inès Essai", shares=True)
    arrived(place, 2, name="Bastien Essai", shares=False)
    member = make_user()
    make_membership(user=member)
    for hour, seen in ((9, False), (10, True), (13, False)):
        with time_machine.travel(place.at(hour)):
            page = page_for(member).get("/")
            assert ("Inès Essai" in page.content.decode()) is seen, hour
            assertNotContains(page, "Bastien Essai")
    Preferences.objects.update(shares_presence=False)
    with time_machine.travel(place.at(10)):
        assertNotContains(page_for(member).get("/"), "Autour de la table")


def test_who_never_came_reads_a_number_and_no_name(place: Place) -> None:
    user = arrived(place, 1, name="Inès Essai", shares=True)
    with time_machine.travel(place.at(10)):
        page = page_for(make_user()).get("/")
        assertContains(page, "Autour de la table")
        assertNotContains(page, "Inès Essai")
        assertNotContains(page_for(user).get("/"), "Autour de la table")  # oneself is no company


def test_the_query_count_does_not_grow_with_the_table(place: Place) -> None:

    member = make_user()
    make_membership(user=member)
    counts = []
    for desk in (1, 2, 3):
        arrived(place, desk, name=f"Essai {desk}", shares=True)
        with time_machine.travel(place.at(10)):
            client = page_for(member)
            client.get("/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_arriving_is_one_tap_on_the_day_and_for_oneself(place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    at = reverse("bookings:arrive", args=[booking.reference])
    with time_machine.travel(place.at(8) - timedelta(days=1)):
        assertNotContains(page_for(user).get("/"), at)
        page_for(user).post(at)
    with time_machine.travel(place.at(8, 50)):
        assertContains(page_for(user).get("/"), at)
        assert page_for(make_user()).post(at).status_code == 404
        assert not Presence.objects.exists()
        assertRedirects(page_for(user).post(at), "/")
        assert Presence.objects.get().by == user
        assertNotContains(page_for(user).get("/"), at)


def test_a_colleague_s_place_is_not_the_payer_s_next_one(place: Place) -> None:
    comes, pays = make_user(), make_user()
    company = make_organisation_customer(make_organisation(comes, pays))
    company.terms_days = 30
    company.save()
    book_space(
        space=place.desk(2),
        period=place.morning(),
        customer=company,
        by=comes,
        now=timezone.now(),
        on_terms=True,
    )
    with time_machine.travel(place.at(8)):
        assertContains(page_for(comes).get("/"), "4719")
        assertNotContains(page_for(pays).get("/"), "4719")


def test_what_the_desk_books_for_somebody_is_theirs_and_not_the_manager_s(place: Place) -> None:
    manager, guest = make_user(role="manager"), make_user()
    book_space(
        space=place.desk(2),
        period=place.morning(),
        customer=customer_of(guest, terms=True),
        by=manager,
        now=timezone.now(),
        on_terms=True,
        start_requested=True,
    )
    with time_machine.travel(place.at(8)):
        assertContains(page_for(guest).get("/"), "4719")
        assertNotContains(page_for(manager).get("/"), "4719")


def test_an_invoice_is_paid_from_here_and_nobody_owes_what_others_do(place: Place) -> None:
    user, manager = make_user(), make_user(role="manager")
    make_booked(user, place.desk(1), place.morning())
    invoice = Document.objects.select_related("seller").get()
    settle = reverse("billing:settle", args=[invoice.seller.code, invoice.number])
    assertContains(page_for(user).get("/"), settle)
    assertNotContains(page_for(manager).get("/"), "À régler")


def test_a_place_that_waits_for_its_payment_leads_to_paying(place: Place) -> None:
    user = make_user()
    held = make_booked(user, place.desk(1), place.morning(), confirmed=False)
    assert held.line
    page = page_for(user).get("/")
    assertContains(page, "À payer pour garder votre place")
    assertContains(page, reverse("billing:pay", args=[held.line.order.public_id]))
