"""How a rental ends on its private page: cancelled by the scale, paid, run out, asked for anew."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.documents.files import make_due
from billing.models import Document, Order, Refund, Seller
from bookings.models import RentalQuote, Site
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.ending import expire_due
from tests.bookings.rentals.steps import (
    AFTER,
    HALL,
    SCALE,
    days_before,
    pay_advance,
)
from tests.browser.hands import work
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request, make_sent

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(scope="module")
def scale() -> Sequence[tuple[int, int]]:
    return SCALE


@pytest.fixture(scope="module")
def paid_once(paid_once: int) -> int:
    """Its quote and its advance have been drawn and sent."""
    with time_machine.travel(NOW, tick=False):
        work()
    return paid_once


def page_of(rental: RentalQuote, name: str = "rent_followed", *more: object) -> str:
    return reverse(f"bookings:{name}", args=[rental.request.key, *more])


def letters_to(address: str, before: int) -> list[str]:
    return [str(letter.body) for letter in mail.outbox[before:] if letter.to == [address]]


@pytest.mark.parametrize(
    ("days", "kept", "back"),
    [
        (10, "288,00\u00a0€, soit 20\u00a0%", "144,00"),
        (0, "1\u202f440,00\u00a0€, soit 100\u00a0%", ""),
    ],
)
def test_each_step_is_read_before_then_has_its_documents_and_its_letters(
    paid: RentalQuote, moment: time_machine.Traveller, days: int, kept: str, back: str
) -> None:
    manager, rental, browser = make_user(role="manager"), paid, Client()
    moment.move_to(days_before(days))
    shown = browser.get(page_of(rental, "rent_cancel"))
    assertContains(shown, kept)
    assert not Document.objects.filter(kind="credit_note").exists()
    work()
    before = len(mail.outbox)
    answer = browser.post(page_of(rental, "rent_cancel"), {"kept": str(shown.context["cost"].kept)})
    assertRedirects(answer, page_of(rental))
    page = browser.get(page_of(rental))
    assertContains(page, "Cette location est annulée.")
    assertContains(page, "Demander à nouveau")
    notes = Document.objects.filter(kind="credit_note")
    assert notes.exists() == Refund.objects.exists() == bool(back)
    assertContains(page, notes.get().number if back else "est gardé selon le barème")
    work()
    theirs, ours = letters_to(rental.request.email, before), letters_to(manager.email, before)
    assert (len(theirs), len(ours)) == (1 + bool(back), 1)  # the credit note has a letter of its own
    assert back in theirs[0]


def test_what_was_invoiced_is_read_with_the_link_and_by_nobody_else(owed: RentalQuote) -> None:
    document, other = pay_advance(owed), make_rental_request(owed.request.site)
    at = page_of(owed, "rent_document", document.seller.code, document.number)
    assertContains(Client().get(page_of(owed)), at)
    assert Client().get(at).status_code == 202
    make_due(NOW)
    answer = Client().get(at)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    theirs = reverse("bookings:rent_document", args=[other.key, document.seller.code, document.number])
    assert Client().get(theirs).status_code == 404
    assert not document.handovers.exists()


def test_an_advance_may_be_paid_by_transfer_and_is_given_up_only_after_asking(owed: RentalQuote) -> None:
    Seller.objects.update(iban="FR7699999999990000000000056")
    order = Order.objects.get(quote=owed.quote_id)
    assertContains(Client().get(page_of(owed)), order.reference)
    pay = Client().get(reverse("billing:pay", args=[order.public_id]))
    assertContains(pay, page_of(owed, "rent_cancel"))
    assertNotContains(pay, reverse("billing:cancel", args=[order.public_id]))
    assertContains(pay, "Relire le devis")


def test_what_is_left_of_the_balance_is_said_until_it_is_paid(
    paid: RentalQuote, moment: time_machine.Traveller
) -> None:
    moment.move_to(AFTER)
    make_balance(rental=paid, lines=[HALL], by=None, now=AFTER)
    final = Document.objects.get(kind="final")
    page = Client().get(page_of(paid))
    assertContains(page, "Il reste 1\u202f008,00\u00a0€ à régler à réception de la facture.")
    assertContains(page, final.number)
    work()
    assert "Il reste 1\u202f008,00" in letters_to(paid.request.email, 0)[-1]


def test_a_quote_that_ran_out_leads_to_the_same_form_without_who_asked(
    site: Site, moment: time_machine.Traveller
) -> None:
    rental = make_sent(site, people=45, name="Maud Essai", email="maud@cantine.example")
    moment.move_to(rental.quote.valid_until)
    expire_due(timezone.now())
    page = Client().get(page_of(rental))
    again = page.context["again"]
    assertContains(page, "Ce devis n’est plus valable.")
    assert "maud" not in again.lower()
    form = Client().get(again).context["form"]
    said = {name: str(form[name].value()) for name in ("space", "day", "starts", "ends", "people")}
    assert said == {
        "space": "quai",
        "day": "2026-12-12",
        "starts": "14:00:00",
        "ends": "18:00:00",
        "people": "45",
    }
    assert Client().get(again.replace("14%3A00", "25%3A00").replace("=45", "=x")).status_code == 200
