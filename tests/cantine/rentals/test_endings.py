"""How rentals end in /gestion/: the page of the balance, prefilled, added to, made once."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Document
from billing.settlement.correcting import correct_document
from bookings.models import RentalQuote, RentalRequest, Site
from tests.bookings.rentals.steps import AFTER, make_accepted, pay_advance
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_rented_house, make_sent, no_tariff

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def paid(house: Site) -> tuple[int, int]:
    """Two rentals whose advance is paid: of an association, and of a public body that pays by a number."""
    with time_machine.travel(NOW, tick=False):
        plain = make_accepted(house)
        public = make_accepted(make_rented_house(), buyer="public", purchase_order="EJ-2026-7")
        for each in (plain, public):
            pay_advance(each)
    return plain.pk, public.pk


@pytest.fixture
def rental(paid: tuple[int, int]) -> RentalQuote:
    return RentalQuote.objects.get(pk=paid[0])


@pytest.fixture
def public(paid: tuple[int, int]) -> RentalQuote:
    return RentalQuote.objects.get(pk=paid[1])


def address(rental: RentalQuote, name: str = "balance") -> str:
    return reverse(f"admin:{name}", args=[rental.request_id])


def line(place: int, label: str, price: str, rate: str = "20.00") -> dict[str, str]:
    said = {"label": label, "quantity": "1", "unit_price": price, "basis": "ht", "rate": rate}
    return {f"lignes-{place}-{name}": value for name, value in said.items()}


def filled(do: str, *lines: dict[str, str], **more: str) -> dict[str, str]:
    counts = {"lignes-TOTAL_FORMS": str(len(lines)), "lignes-INITIAL_FORMS": "0"}
    typed = {name: value for each in lines for name, value in each.items()}
    return {"do": do, **counts, **typed, **more}


def hidden(html: str) -> list[dict[str, str]]:
    found = re.findall(r'<input type="hidden" name="(lignes[^"]*|left)"(?: value="([^"]*)")?', html)
    return [{"name": name, "value": value} for name, value in found]


HALL = line(0, "Le Quai", "1200.00")
DAMAGES = line(1, "Vitre cassée", "80.00", "0.00")


def test_the_quotes_lines_are_filled_in_and_the_advance_taken_off(
    client: Client, rental: RentalQuote
) -> None:
    assertContains(
        client.get(reverse("admin:bookings_rentalrequest_change", args=[rental.request_id])),
        address(rental),
    )
    page = client.get(address(rental))
    for said in ("Le Quai", "1200.00", "432,00", "1\u202f008,00"):
        assertContains(page, said)
    page = client.post(address(rental), filled("damages", HALL))
    assertContains(page, "Dégâts, hors TVA")
    page = client.post(address(rental), filled("preview", HALL, DAMAGES))
    assertContains(page, "1\u202f088,00")
    assert not Document.objects.filter(kind="final").exists()


def test_it_is_made_once_the_day_is_over_or_at_her_word(client: Client, rental: RentalQuote) -> None:
    answer = client.post(address(rental), filled("make", HALL))
    assertContains(answer, "pas terminée", status_code=409)
    assertContains(answer, "1200.00", status_code=409)
    answer = client.post(address(rental), filled("make", HALL, DAMAGES, early="oui", left="1088.00"))
    final = Document.objects.get(kind="final")
    assert answer["Location"] == reverse("admin:billing_document_change", args=[final.pk])
    assert final.total_incl == Decimal("1520.00")
    assert RentalRequest.objects.get(pk=rental.request_id).state == "done"
    for again in (client.get(address(rental)), client.post(address(rental), filled("make", HALL))):
        assert again.status_code == 302
    assert Document.objects.filter(kind="final").count() == 1


def test_it_is_read_once_more_with_the_advance_and_the_total_before_anything_is_issued(
    client: Client, rental: RentalQuote
) -> None:
    asked = reverse("admin:bookings_rentalrequest_change", args=[rental.request_id])
    assertNotContains(client.get(asked), f'class="main" href="{address(rental)}"')
    page = client.get(address(rental))
    assertNotContains(page, 'button--act" name="do"')  # the day is to come: nothing presses her
    page = client.post(address(rental), filled("confirm", HALL, DAMAGES, early="oui"))
    for said in ("Vitre cassée", "1\u202f200,00\u00a0€ HT", "−432,00", "1\u202f088,00", "Émettre la facture"):
        assertContains(page, said)
    assertContains(page, 'value="oui" checked')
    assert not Document.objects.filter(kind="final").exists()
    assert client.post(address(rental), filled("confirm", line(0, "", "1"))).status_code == 422
    empty = client.post(address(rental), filled("confirm"))
    assertContains(empty, "Un solde a au moins une ligne.", status_code=422)
    kept = {each["name"]: each["value"] for each in hidden(page.content.decode())}
    again = client.post(address(rental), {**kept, "do": "preview"})
    assertContains(again, "Vitre cassée")
    assert client.post(address(rental), {**kept, "do": "make", "early": "oui"}).status_code == 302
    assert Document.objects.get(kind="final").total_incl == Decimal("1520.00")


def test_what_was_read_is_what_is_issued_or_it_is_to_be_read_again(
    client: Client, rental: RentalQuote
) -> None:
    advance = Document.objects.get(order__quote=rental.quote_id)
    page = client.post(address(rental), filled("confirm", HALL, early="oui"))
    kept = {each["name"]: each["value"] for each in hidden(page.content.decode())}
    assert kept["left"] == "1008.00"
    correct_document(
        document=advance,
        credits_={advance.lines.get(): Decimal(20)},
        reason="Geste",
        by=make_user(role="manager"),
        now=timezone.now(),
    )
    for left in ("1008.00", "", "sNaN"):
        answer = client.post(address(rental), {**kept, "left": left, "do": "make", "early": "oui"})
        assertContains(answer, "a changé entre-temps", status_code=409)
        assertContains(answer, 'name="left" value="1028.00"', status_code=409)
    assertContains(answer, "Émettre la facture", status_code=409)
    assert not Document.objects.filter(kind="final").exists()
    again = {**kept, "left": "1028.00", "do": "make", "early": "oui"}
    assert client.post(address(rental), again).status_code == 302
    assert Document.objects.with_balance().get(kind="final").owed == Decimal("1028.00")


def test_an_hour_more_has_the_price_of_the_tariff_or_says_that_there_is_none(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    page = client.post(address(rental), filled("hours", HALL))
    assertContains(page, 'value="45.00"')
    no_tariff(site)
    page = client.post(address(rental), filled("hours", HALL))
    assertContains(page, "Aucun prix à l’heure")


def test_what_is_wrong_keeps_what_was_typed(client: Client, rental: RentalQuote) -> None:
    with time_machine.travel(AFTER, tick=False):
        client.force_login(make_user(role="manager"))
        answer = client.post(address(rental), filled("make", line(0, "", "12.00")))
        assert answer.status_code == 422
        assertNotContains(answer, "dès maintenant", status_code=422)
        answer = client.post(address(rental), filled("make", DAMAGES | line(0, "Vitre", "80.00", "0.00")))
    assertContains(answer, "Les acomptes dépassent la facture", status_code=409)
    assert RentalRequest.objects.get(pk=rental.request_id).state == "won"


def test_what_the_advance_is_too_much_is_read_then_credited(client: Client) -> None:
    rental = make_accepted(make_rented_house(), percent=100)
    pay_advance(rental)
    less = line(0, "Le Quai", "1000.00")
    page = client.post(address(rental), filled("preview", less))
    for said in ("240,00", 'name="excess" value="240.00"'):
        assertContains(page, said)
    assert client.post(address(rental), filled("make", less, early="oui", excess="1.00")).status_code == 409
    assert not Document.objects.filter(kind="credit_note").exists()
    sent = filled("make", less, early="oui", excess="240.00", left="0.00")
    assert client.post(address(rental), sent).status_code == 302
    assert Document.objects.get(kind="credit_note").total_incl == Decimal("240.00")
    assert RentalRequest.objects.get(pk=rental.request_id).state == "done"


def test_who_may_not_make_it_does_not(rental: RentalQuote) -> None:
    for role in ("treasurer", "volunteer", "coworker"):
        browser = Client()
        browser.force_login(make_user(role=role))
        assert (
            browser.post(address(rental), filled("make", HALL, early="oui", left="1008.00")).status_code
            == 403
        )
    assert RentalRequest.objects.get(pk=rental.request_id).state == "won"


def test_a_request_that_was_not_won_has_none(client: Client) -> None:
    assert client.get(address(make_sent(make_rented_house()))).status_code == 404


@pytest.mark.parametrize("typed", ["EJ-2026-7", "EJ-2026-8", ""])
def test_the_number_a_public_body_pays_by_is_on_its_final_invoice(
    client: Client, public: RentalQuote, typed: str
) -> None:
    assertContains(client.get(address(public)), "EJ-2026-7")
    client.post(address(public), filled("make", HALL, early="oui", left="1008.00", purchase_order=typed))
    final = Document.objects.select_related("snapshot").get(kind="final")
    assert final.snapshot.content["purchase_order"] == typed


def test_lines_that_cannot_be_are_told_and_none_is_lost(client: Client, rental: RentalQuote) -> None:
    forty = [line(place, f"Ligne {place}", "1.00") for place in range(40)]
    page = client.post(address(rental), filled("damages", *forty))
    assertContains(page, 'value="Ligne 39"')
    assertContains(page, "quarante lignes")
    assert (
        client.post(address(rental), filled("hours", HALL) | {"lignes-TOTAL_FORMS": "x"}).status_code == 200
    )
    huge = line(0, "Le Quai", "999999") | {"lignes-0-quantity": "99999999"}
    assertContains(client.post(address(rental), filled("make", huge, early="oui")), "trop", status_code=422)
    assert RentalRequest.objects.get(pk=rental.request_id).state == "won"


def test_who_comes_second_is_told_that_it_was_made(client: Client, rental: RentalQuote) -> None:
    client.post(address(rental), filled("make", HALL, early="oui", left="1008.00"))
    answer = client.post(
        address(rental), filled("make", HALL, DAMAGES, early="oui", left="1088.00"), follow=True
    )
    assertContains(answer, "déjà établi")
