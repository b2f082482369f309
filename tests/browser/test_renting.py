"""Renting on a phone: from the address anyone may type to the private link, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from bookings.models import RentalRequest
from members.models import Message
from tests.browser import steps
from tests.browser.fixtures import PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def fill_in(page: Page, house: House) -> None:
    """What, when, for how many; then who."""
    page.get_by_label("Date", exact=True).fill(house.tomorrow.isoformat())
    page.get_by_label("Personnes").fill("45")
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("18:00")
    page.get_by_label("Disposition").select_option("theatre")
    page.get_by_label("Deux micros sans fil").check()
    page.get_by_label("Votre projet").fill("Une assemblée, puis un buffet.")
    page.get_by_label("Prénom et nom").fill("Maud Essai")
    page.get_by_label("Adresse électronique").fill("maud@cantine.example")


def test_from_the_address_to_the_private_link_without_script(
    new_page: NewPage, rented_house: House, console: list[str]
) -> None:
    manager = make_user(role="manager")
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto("/louer/")
    steps.link(page, "Le Quai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le Quai")
    steps.link(page, "Demander un devis").click()
    expect(page.get_by_label("Espace")).to_have_value("quai")
    fill_in(page, rented_house)
    steps.button(page, "Calculer le prix indicatif").click()
    expect(page.get_by_text("252,00")).to_be_visible()
    page.get_by_label("Adresse électronique").fill("maud@cantine")
    steps.button(page, "Demander un devis").click()
    expect(page.locator(".form-errors")).to_be_visible()
    assert "422" in console.pop()  # the browser notes it
    page.get_by_label("Adresse électronique").fill("maud@cantine.example")
    steps.button(page, "Demander un devis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos e-mails")
    work()
    found = RentalRequest.objects.get()
    letter = steps.letter_to("maud@cantine.example", "Votre demande de location")
    assert found.get_absolute_url() in letter.text
    page.goto(found.get_absolute_url())
    expect(page.get_by_text("Une assemblée, puis un buffet.")).to_be_visible()
    expect(page.get_by_text("252,00")).to_be_visible()
    assert Message.objects.filter(template="rentals/to_answer", to=manager.email, state="sent").exists()
    steps.link(page, "Retirer ma demande").click()
    steps.button(page, "Retirer ma demande").click()
    expect(page.get_by_text("Vous avez retiré cette demande.")).to_be_visible()


def test_the_price_comes_as_one_types(new_page: NewPage, rented_house: House) -> None:
    page = new_page(**PHONE)
    page.goto("/rouen/louer/?espace=quai")
    expect(page.get_by_text("Calculer le prix indicatif")).to_be_hidden()
    fill_in(page, rented_house)
    expect(page.locator("#prix")).to_contain_text("252,00")
    page.get_by_label("À", exact=True).fill("16:00")
    expect(page.locator("#prix")).to_contain_text("162,00")
    steps.button(page, "Demander un devis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos e-mails")
    page.goto(RentalRequest.objects.get().get_absolute_url())
    expect(page.get_by_text("162,00")).to_be_visible()
