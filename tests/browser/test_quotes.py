"""From a request to a paid advance, on a phone without scripts, with the manager at her desk between."""

import pytest
from playwright.sync_api import expect

from billing.models import Document, Quote
from bookings.models import Booking
from members.models import Message
from tests.browser import renting, steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def test_from_a_request_to_a_paid_advance(new_page: NewPage, rented_house: House, standin: Standin) -> None:
    desk, page = new_page(**DESKTOP), new_page(**PHONE, java_script_enabled=False)
    steps.sign_in(desk, make_user(role="manager"))
    asked = renting.ask(page, rented_house)
    quote = renting.send(desk, asked)
    work()
    steps.open_letter(page, renting.ASKER, "Votre devis")
    expect(page.locator(".letter-text")).to_contain_text(asked.get_absolute_url())
    page.goto(asked.get_absolute_url())
    expect(page.get_by_role("heading", name=f"Devis {quote.number}")).to_be_visible()
    expect(page.get_by_text("228,00")).to_be_visible()
    renting.accept(page)
    expect(page.get_by_role("heading", name="Acompte de 30")).to_be_visible()
    assert Booking.objects.get().state == "held"
    renting.pay_advance(page, asked, "68,40")
    expect(page.get_by_text("Merci, votre acompte de")).to_be_visible()
    assert Booking.objects.get().state == "confirmed"
    assert Document.objects.get().kind == "advance"
    work()
    steps.open_letter(page, renting.ASKER, "L’espace est à vous")
    assert not Message.objects.filter(state="owed").exists()


def test_what_is_missing_is_said_on_the_phone(
    new_page: NewPage, rented_house: House, standin: Standin, console: list[str]
) -> None:
    desk, page = new_page(**DESKTOP), new_page(**PHONE, java_script_enabled=False)
    steps.sign_in(desk, make_user(role="manager"))
    asked = renting.ask(page, rented_house)
    renting.send(desk, asked)
    page.goto(asked.get_absolute_url())
    steps.button(page, "Accepter le devis").click()
    expect(page.locator(".form-errors")).to_be_visible()
    assert "422" in console.pop()  # the browser notes it
    assert Quote.objects.get().state == "sent"
    steps.link(page, "Refuser ce devis").click()
    page.get_by_label("Le prix ne nous convient pas").check()
    steps.button(page, "Refuser ce devis").click()
    expect(page.get_by_text("Vous avez refusé ce devis.")).to_be_visible()
