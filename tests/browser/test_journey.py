"""The main job: from the home page to a desk, its payment, its invoice, and all of it taken back."""

import re
from datetime import UTC
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from billing.models import Document, Refund
from bookings.models import Booking
from tests.browser import steps
from tests.browser.fixtures import PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House, make_house
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_someone_new_books_pays_and_takes_it_back(new_page: NewPage, standin: Standin, scripts: bool) -> None:
    house, address = make_house(), f"odile-{scripts}@cantine.example".lower()
    page = new_page(**PHONE, java_script_enabled=scripts)
    steps.choose_desk_tomorrow(page, house, 7)
    steps.link(page, "Se connecter pour réserver").click()
    steps.sign_up(page, address, "Odile Essai")
    expect(page.get_by_text("vérifiée")).to_be_visible()
    steps.button(page, "Réserver").click()
    pay(page)
    booking = Booking.objects.get()
    assert (booking.state, booking.space.number, booking.period.utc) == ("confirmed", 7, house.morning().utc)
    see_what_was_sent(page, house, address)
    take_back(page, house, standin)


def pay(page: Page) -> None:
    """The pay page, Checkout, and the ticket."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer")
    expect(page.get_by_text("1 demi-journée")).to_be_visible()
    if (start := page.locator("input[name=start]")).count():
        start.check()
    page.get_by_label("Je demande que ma réservation commence").check()
    steps.button(page, "Payer 9,00").click()
    steps.pay_by_card(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("La table est mise")
    expect(page.get_by_text("Paiement reçu")).to_be_visible()


def see_what_was_sent(page: Page, house: House, address: str) -> None:
    """The confirmation brings a calendar entry and the invoice, which opens from the ticket too."""
    work()
    invoice = Document.objects.get(kind=Document.Kind.INVOICE)
    page.get_by_role("main").get_by_role("link", name=invoice.number).click(trial=True)
    file = steps.download(page, invoice.get_absolute_url())
    assert_is_document(file, invoice.number)
    steps.open_letter(page, address, "confirmée")
    files = [steps.download(page, href) for href in attachments(page)]
    assert [file] == [each for each in files if each.startswith(b"%PDF")]
    (calendar,) = [each.decode() for each in files if each.startswith(b"BEGIN:VCALENDAR")]
    assert f"DTSTART:{house.morning().start.astimezone(UTC):%Y%m%dT%H%M%SZ}" in calendar


def take_back(page: Page, house: House, standin: Standin) -> None:
    """Cancelled from the list, the money goes back and a credit note says so."""
    page.goto("/moi/reservations/")
    steps.link(page, "Annuler").click()
    expect(page.get_by_text("9,00\u00a0€ vous seront rendus")).to_be_visible()
    steps.button(page, "Annuler la réservation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réservation annulée")
    work()
    refund, note = Refund.objects.get(), Document.objects.get(kind=Document.Kind.CREDIT_NOTE)
    assert (refund.state, refund.amount, note.total_incl) == ("succeeded", Decimal(9), Decimal(9))
    assert [each["amount"] for each in standin.refunds()] == [900]
    page.goto("/moi/factures/")
    expect(page.get_by_role("link", name=re.compile(f"Avoir {note.number}"))).to_be_visible()
    assert_is_document(steps.download(page, note.get_absolute_url()), note.number)
    page.goto(house.desks())
    expect(page.locator("#ligne-7")).to_be_visible()


def attachments(page: Page) -> list[str]:
    """The address of each file of the open e-mail."""
    return [
        each.get_attribute("href") or "" for each in page.get_by_role("main").locator("a[download]").all()
    ]


def assert_is_document(content: bytes, number: str) -> None:
    """It is a PDF that carries the document's number in its title."""
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        with pdf.open_metadata() as about:
            assert number in about["dc:title"]
