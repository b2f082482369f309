"""In whose name: the price follows the choice, by script and by the plain form."""

import pytest
from playwright.sync_api import Page, expect

from billing.models import Customer
from bookings.models import Booking
from members.models import User
from tests.browser import steps
from tests.browser.world import House
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.members import make_organisation, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def someone() -> User:
    return make_user(name="Inès Essai")


@pytest.fixture
def company(someone: User) -> Customer:
    return make_organisation_customer(
        make_organisation(someone, name="Coopérative des Nuages bas et associés")
    )


def test_choosing_the_payer_shows_their_terms_and_books_at_once(
    phone: Page, house: House, someone: User, company: Customer
) -> None:
    steps.sign_in(phone, someone)
    phone.goto(house.desks(7))
    phone.get_by_label("Au nom de").focus()
    phone.get_by_label("Au nom de").select_option(label=str(company))
    expect(phone.locator(".summary")).to_contain_text(str(company))
    expect(phone.get_by_label("Au nom de")).to_be_focused()
    assert f"client={company.pk}" in phone.url
    steps.button(phone, "Réserver et payer sur facture").click()
    phone.wait_for_url("**/moi/reservations/*/")
    expect(phone.get_by_role("main")).to_contain_text(str(company))
    assert (Booking.objects.get().customer, Booking.objects.get().state) == (company, "confirmed")


def test_without_script_the_page_shows_the_price_of_the_new_payer_first(
    phone_without_script: Page, house: House, someone: User, company: Customer
) -> None:
    page = phone_without_script
    steps.sign_in(page, someone)
    page.goto(house.desks(7))
    page.get_by_label("Au nom de").select_option(label=str(company))
    steps.button(page, "Réserver le poste 7").click()
    expect(page.locator(".summary")).to_contain_text(str(company))
    assert not Booking.objects.exists()
    steps.button(page, "Réserver et payer sur facture").click()
    expect(page.get_by_role("main")).to_contain_text(str(company))
    assert Booking.objects.get().customer == company


def test_a_consumer_on_terms_ticks_the_request_first(phone: Page, house: House, someone: User) -> None:
    make_customer(someone, terms_days=30)
    steps.sign_in(phone, someone)
    phone.goto(house.desks(7))
    steps.button(phone, "Réserver et payer sur facture").click()
    assert not Booking.objects.exists()
    phone.get_by_label("Je demande que ma réservation commence").check()
    steps.button(phone, "Réserver et payer sur facture").click()
    phone.wait_for_url("**/moi/reservations/*/")
    assert Booking.objects.get().state == "confirmed"
