"""From a request to a paid advance, on a phone without scripts, with the manager at her desk between."""

from datetime import date

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from billing.models import Document, Quote
from bookings.models import Booking, RentalRequest
from cantine.demo import rentals
from members.models import Message
from tests.browser import steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House, make_house
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
ASKER = "maud@cantine.example"


@pytest.fixture
def house(settings: LazySettings) -> House:
    settings.FORM_TAKES_SECONDS = 0  # hands of this kind are quicker than people's
    house = make_house()
    rentals.build_spaces(house.site, since=date(2020, 1, 1))
    return house


def ask(page: Page, house: House) -> RentalRequest:
    """Ask for the hall, tomorrow afternoon."""
    page.goto("/rouen/louer/?espace=quai")
    page.get_by_label("Date", exact=True).fill(house.tomorrow.isoformat())
    page.get_by_label("Personnes").fill("45")
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("18:00")
    page.get_by_label("Votre projet").fill("Une assemblée, puis un buffet.")
    page.get_by_label("Prénom et nom").fill("Maud Essai")
    page.get_by_label("Adresse électronique").fill(ASKER)
    steps.button(page, "Demander un devis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande de location")
    return RentalRequest.objects.get()


def send(page: Page, asked: RentalRequest) -> Quote:
    """The manager prepares the quote, adds a line and sends it."""
    page.goto(f"/gestion/bookings/rentalrequest/{asked.pk}/change/")
    page.get_by_role("button", name="Préparer un devis").click()
    page.get_by_role("button", name="Ajouter une ligne").click()
    second = page.get_by_role("group", name="Ligne 2")
    second.get_by_label("Désignation").fill("Ménage du soir")
    second.get_by_label("Prix unitaire").fill("40")
    second.get_by_label("Base").select_option("ht")
    page.get_by_role("button", name="Recalculer").click()
    expect(page.locator("#totaux")).to_contain_text("228,00")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("part par e-mail")).to_be_visible()
    return Quote.objects.get()


def test_from_a_request_to_a_paid_advance(new_page: NewPage, house: House, standin: Standin) -> None:
    desk, page = new_page(**DESKTOP), new_page(**PHONE, java_script_enabled=False)
    steps.sign_in(desk, make_user(role="manager"))
    asked = ask(page, house)
    quote = send(desk, asked)
    work()
    steps.open_letter(page, ASKER, "Votre devis")
    expect(page.locator(".letter-text")).to_contain_text(asked.get_absolute_url())
    page.goto(asked.get_absolute_url())
    expect(page.get_by_role("heading", name=f"Devis {quote.number}")).to_be_visible()
    expect(page.get_by_text("228,00")).to_be_visible()
    page.get_by_label("Fonction").fill("présidente")
    for box in page.get_by_role("checkbox").all():
        box.check()
    steps.button(page, "Accepter le devis").click()
    expect(page.get_by_role("heading", name="Acompte de 30")).to_be_visible()
    assert Booking.objects.get().state == "held"
    for box in page.get_by_role("checkbox").all():
        box.check()
    steps.button(page, "Payer 68,40").click()
    steps.pay_by_card(page)
    page.wait_for_url(f"**{asked.get_absolute_url()}")
    expect(page.get_by_text("C’est convenu.")).to_be_visible()
    assert Booking.objects.get().state == "confirmed"
    assert Document.objects.get().kind == "advance"
    work()
    steps.open_letter(page, ASKER, "L’espace est à vous")
    assert not Message.objects.filter(state="owed").exists()


def test_what_is_missing_is_said_on_the_phone(
    new_page: NewPage, house: House, standin: Standin, console: list[str]
) -> None:
    desk, page = new_page(**DESKTOP), new_page(**PHONE, java_script_enabled=False)
    steps.sign_in(desk, make_user(role="manager"))
    asked = ask(page, house)
    send(desk, asked)
    page.goto(asked.get_absolute_url())
    steps.button(page, "Accepter le devis").click()
    expect(page.locator(".form-errors")).to_be_visible()
    assert "422" in console.pop()  # the browser notes it
    assert Quote.objects.get().state == "sent"
    steps.link(page, "Refuser ce devis").click()
    page.get_by_label("Le prix ne nous convient pas").check()
    steps.button(page, "Refuser ce devis").click()
    expect(page.get_by_text("Vous avez refusé ce devis.")).to_be_visible()
