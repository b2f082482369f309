"""A rental from the public page to the last cent: a phone without scripts, and the manager at her desk."""

from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from billing.models import Document, Quote
from bookings.models import Booking, RentalRequest
from cantine.mailbox.box import Letter
from members.models import Message
from tests.browser import renting, steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.hands import work
from tests.browser.sweep import TWO, look
from tests.browser.world import House
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
D = Decimal


def test_from_the_public_page_to_the_last_cent(
    new_page: NewPage, rented_house: House, standin: Standin
) -> None:
    desk, page = new_page(**DESKTOP), new_page(**PHONE, java_script_enabled=False)
    manager = make_user(role="manager")
    steps.sign_in(desk, manager)
    asked = renting.ask(page, rented_house)
    first = renting.send(desk, asked)
    second = change(desk, asked, first)
    accept_and_pay(page, asked, second)
    come_in_greater_number(desk, page, asked)
    with time_machine.travel(rented_house.hours(20, 21).start, tick=True):
        final = settle(desk, asked)
        read_the_invoice(page, asked, final)
        receive(desk, final)
        nothing_is_owed(desk, page, asked, final)


def change(page: Page, asked: RentalRequest, first: Quote) -> Quote:
    """Who asked would rather stay an hour longer, in another layout: a second version replaces the first."""
    page.get_by_role("button", name="Nouvelle version").click()
    page.get_by_label("À", exact=True).fill("19:00")
    page.get_by_label("Message").fill("Une heure de plus, et les chaises en cercle.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("part par e-mail")).to_be_visible()
    second = Quote.objects.latest("pk")
    assert (second.version, second.total_incl) == (2, D("273.00"))
    return second


def accept_and_pay(page: Page, asked: RentalRequest, quote: Quote) -> None:
    """From the letter to the private page, and through the payment page: the advance has its invoice."""
    letter = told("Votre devis")
    assert "les chaises en cercle" in steps.plain(letter.text)
    follow(page, asked, letter)
    expect(page.get_by_role("heading", name=f"Devis {quote.number}")).to_be_visible()
    renting.accept(page)
    expect(page.get_by_role("heading", name="Acompte de 30")).to_be_visible()
    assert Booking.objects.get(state="held").period.hours == 6
    renting.pay_advance(page, asked, "81,90")
    expect(page.get_by_text("Merci, votre acompte de")).to_be_visible()
    assert Booking.objects.get(state="confirmed").period.hours == 6
    advance = Document.objects.get()
    assert (advance.kind, advance.total_excl, advance.total_incl) == ("advance", D("68.25"), D("81.90"))
    assert told("L’espace est à vous").file_names == [f"{advance.number}.pdf"]


def come_in_greater_number(desk: Page, page: Page, asked: RentalRequest) -> None:
    """A change is asked for on the phone once the advance is paid; the manager agrees, in words."""
    page.goto(asked.get_absolute_url())
    page.get_by_role("link", name="Demander un changement").click()
    page.get_by_label("Personnes").fill("50")
    page.get_by_label("Votre message").fill("Nous serons cinq de plus.")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_text("Votre demande de changement est partie")).to_be_visible()
    desk.goto(f"/gestion/bookings/rentalrequest/{asked.pk}/change/")
    expect(desk.get_by_text("Nous serons cinq de plus.").first).to_be_visible()
    desk.get_by_role("main").get_by_role("link", name="Répondre", exact=True).click()
    desk.get_by_label("accepté", exact=True).check()
    desk.get_by_label("Votre réponse").fill("Cinq chaises de plus vous attendent.")
    desk.get_by_role("button", name="Envoyer la réponse").click()
    expect(desk.get_by_text("Votre réponse part par e-mail")).to_be_visible()
    follow(page, asked, told("Votre changement est accepté"))
    expect(page.get_by_text("Cinq chaises de plus vous attendent.")).to_be_visible()


def told(subject: str) -> Letter:
    """The letter to who asked, once the worker has sent what is due."""
    work()
    return steps.letter_to(renting.ASKER, subject)


def follow(page: Page, asked: RentalRequest, letter: Letter) -> None:
    """Open the private page by the link of a letter."""
    assert asked.get_absolute_url() in steps.plain(letter.text)
    page.goto(asked.get_absolute_url())


def settle(page: Page, asked: RentalRequest) -> Document:
    """The evening lasted an hour more: the final invoice adds it and takes the advance off."""
    page.goto(f"/gestion/bookings/rentalrequest/{asked.pk}/change/")
    page.get_by_role("link", name="Établir le solde").click()
    page.get_by_role("button", name="Ajouter des heures").click()
    page.get_by_role("button", name="Recalculer").click()
    expect(page.locator(".gestion-prices .total")).to_contain_text("236,10")
    page.get_by_role("button", name="Relire avant d’émettre").click()
    expect(page.get_by_role("button", name="Émettre la facture")).to_be_visible()
    assert look(page, ways=TWO) == []
    page.get_by_role("button", name="Émettre la facture").click()
    expect(page.get_by_text("part par e-mail")).to_be_visible()
    final = Document.objects.get(kind="final")
    assert (final.total_excl, final.total_incl) == (D("265.00"), D("318.00"))
    assert Document.objects.with_balance().get(pk=final.pk).owed == D("236.10")
    return final


def read_the_invoice(page: Page, asked: RentalRequest, final: Document) -> None:
    """The letter says what is left and carries the invoice; the private page says how to pay it."""
    letter = told("La facture de votre location")
    assert "Il reste 236,10" in steps.plain(letter.text)
    assert letter.file_names == [f"{final.number}.pdf"]
    said = words_of(letter.files[0].get_content())
    for amount in ("318,00", "81,90", "236,10", "265,00"):
        assert amount in said
    follow(page, asked, letter)
    expect(page.get_by_text("Il reste 236,10")).to_be_visible()
    page.get_by_role("link", name="Régler 236,10").click()
    expect(page.locator(".settle-rows")).to_contain_text(final.number)
    page.go_back()
    copy = page.get_by_role("link", name=final.number).get_attribute("href") or ""
    assert steps.download(page, copy).startswith(b"%PDF")


def words_of(pdf: bytes) -> str:
    """What a PDF says, with plain spaces."""
    pages = PdfReader(BytesIO(pdf)).pages
    return steps.plain(" ".join(page.extract_text() for page in pages))


def receive(page: Page, final: Document) -> None:
    """The transfer names the invoice in its words: it is proposed, shared out and entered."""
    page.goto("/gestion/a-encaisser/")
    page.get_by_role("link", name="Virement reçu").click()
    page.get_by_label("Montant").fill("236,10")
    page.get_by_label("Libellé").fill(f"VIR MAUD ESSAI {final.number}")
    page.get_by_role("button", name="Chercher de qui il vient").click()
    page.get_by_role("button", name="Enregistrer 236,10").click()


def nothing_is_owed(desk: Page, page: Page, asked: RentalRequest, final: Document) -> None:
    desk.goto("/gestion/a-encaisser/")
    expect(desk.get_by_text("Rien n’est à encaisser ici.")).to_be_visible()
    assert Document.objects.with_balance().get(pk=final.pk).owed == 0
    page.goto(asked.get_absolute_url())
    expect(page.get_by_text("Merci de votre visite.")).to_be_visible()
    expect(page.get_by_role("link", name="Régler")).to_have_count(0)
    assert not Message.objects.filter(state="owed").exists()
