"""The private page of a request with its quote: read, accepted, refused; what is wrong or over is said."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.documents.content import content
from billing.models import Allocation, Order, Quote
from billing.quotes.files import make_due
from bookings.models import RentalQuote, RentalRequest, Site
from bookings.services.rentals.correcting import correct_buyer
from bookings.services.rentals.quoting import draft_quote
from bookings.services.rentals.sending import send_quote, withdraw_quote
from tests.bookings.rentals.steps import AFTER, make_scale, pay_advance
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import (
    DAY,
    make_draft,
    make_extra,
    make_rental_request,
    make_sent,
    make_won,
)

pytestmark = pytest.mark.django_db
YES = {"name": "Maud Essai", "function": "présidente", "terms": "on"}
BILLED = {
    "legal_name": "Nuages bas", "address": "1, rue de l’Essai", "postcode": "76000", "city": "Rouen",
    "siren": "732 829 320",
}  # fmt: skip


@pytest.fixture
def client() -> Client:
    return Client(headers={"user-agent": "Navigateur d’essai"})


def address(rental: RentalQuote, name: str) -> str:
    return reverse(f"bookings:{name}", args=[rental.request.key, rental.quote.version])


def page(rental: RentalQuote) -> str:
    return rental.request.get_absolute_url()


def test_a_draft_is_nobodys_to_read(client: Client, site: Site) -> None:
    rental = make_draft(site)
    assertNotContains(client.get(page(rental)), rental.quote.reference)
    for name in ("rent_accept", "rent_refuse", "rent_quote_pdf"):
        assert client.get(address(rental, name)).status_code == 404
    assert client.post(address(rental, "rent_accept"), YES).status_code == 404
    assert Quote.objects.get(pk=rental.quote_id).state == "draft"


def test_a_quote_is_read_in_full(client: Client, sent: RentalQuote) -> None:
    read = client.get(page(sent))
    for said in (
        sent.quote.number,
        "37,50",
        "150,00",
        "TVA 20",
        "180,00",
        "54,00",
        "mardi 1er décembre 2026",
    ):
        assertContains(read, said)
    assertContains(read, "Accepter le devis")


def test_accepting_leads_to_the_advance_and_keeps_the_proof(client: Client, sent: RentalQuote) -> None:
    answer = client.post(address(sent, "rent_accept"), YES)
    order = Order.objects.get()
    assertRedirects(answer, reverse("billing:pay", args=[order.public_id]))
    quote = Quote.objects.get()
    assert (quote.accepted_ip, quote.accepted_agent) == ("127.0.0.1", "Navigateur d’essai")
    assert (quote.accepted_name, quote.accepted_function) == ("Maud Essai", "présidente")
    read = client.get(page(sent))
    assertContains(read, "Payer l’acompte de 54,00")
    assertContains(read, "Maud Essai, présidente")
    assertNotContains(read, "Accepter le devis")
    pay = client.get(reverse("billing:pay", args=[order.public_id]))
    assertContains(pay, "Acompte de 30", 1)
    assertContains(pay, "Base à 20\u00a0%, HT")
    assertRedirects(client.post(address(sent, "rent_accept"), YES), answer["Location"])
    assert Order.objects.count() == 1


def test_what_cancelling_costs_is_read_by_day_and_in_euros_before_accepting(
    client: Client, site: Site
) -> None:
    make_scale(site)
    read = client.get(page(make_sent(site)))
    for said in (
        "Jusqu’au vendredi 27 novembre 2026", "rien n’est gardé",
        "Jusqu’au mercredi 2 décembre 2026", "36,00\u00a0€ gardés (20\u00a0%)",
        "Jusqu’au lundi 7 décembre 2026", "90,00\u00a0€ gardés (50\u00a0%)",
        "Ensuite", "180,00\u00a0€ gardés (100\u00a0%)",
    ):  # fmt: skip
        assertContains(read, said)


def test_until_when_the_place_is_kept_is_told_then_that_the_advance_came(client: Client, site: Site) -> None:
    rental = make_won(site)
    assertContains(
        client.get(page(rental)), "L’espace vous est gardé jusqu’au vendredi 27 novembre 2026, minuit"
    )
    assertContains(client.get(page(rental)), "<h1>Votre location, à confirmer</h1>", html=True)
    document = pay_advance(rental)
    assertContains(client.get(page(rental)), "Merci, votre acompte de 54,00\u00a0€ est reçu.")
    assertContains(client.get(page(rental)), "Votre location est confirmée", count=2)  # the tab and the page
    with time_machine.travel(AFTER, tick=False):
        over = client.get(page(rental))
        assertContains(over, "<h1>Votre location est terminée</h1>", html=True)
        assertContains(over, "Votre location est passée")
        assertNotContains(over, "avant le jour dit")
    Allocation.objects.update(amount=50)
    assertContains(client.get(page(rental)), "Merci, votre acompte de 50,00\u00a0€ est reçu.")
    (line,) = document.snapshot.content["lines"]
    assert line["label"].startswith("Acompte de 30")
    assert line["label"].endswith("(TVA 20\u00a0%)")


def test_a_public_body_gives_the_number_by_which_it_pays(client: Client, site: Site) -> None:
    rental = make_sent(site, buyer="public")
    assertContains(client.get(page(rental)), "Numéro d’engagement")
    client.post(
        address(rental, "rent_accept"), {**YES, **BILLED, "purchase_order": "EJ-2026-7", "service_code": "S3"}
    )
    words = pay_advance(rental).snapshot.content
    assert (words["purchase_order"], words["buyer"]["service_code"]) == ("EJ-2026-7", "S3")
    other = client.get(page(make_sent(site, buyer="business", period=on(DAY + WEEK, *HOURS))))
    assertNotContains(other, "Numéro d’engagement")


@pytest.mark.parametrize(
    ("buyer", "wrong"),
    [
        (
            "business",
            [
                ({"siren": ""}, "Indiquez le numéro SIREN"),
                ({"vat_number": "FR 40 303 265 045"}, "autre entreprise"),
            ],
        ),
        ("public", [({"siren": "123456789"}, "SIREN")]),
        ("association", [({"siren": "", "address": ""}, "Adresse")]),
    ],
)
def test_an_organisation_says_who_is_invoiced(
    client: Client, site: Site, buyer: str, wrong: list[tuple[dict[str, str], str]]
) -> None:
    rental = make_sent(site, buyer=buyer)
    for typed, told in wrong:
        answer = client.post(address(rental, "rent_accept"), {**YES, **BILLED, **typed})
        assertContains(answer, told, status_code=422)
        assert Quote.objects.get(pk=rental.quote_id).state == "sent"
    siren = {"siren": ""} if buyer == "association" else {}
    client.post(address(rental, "rent_accept"), {**YES, **BILLED, **siren})
    accepted = "Facturé à Nuages bas, 1, rue de l’Essai, 76000 Rouen."
    assertContains(client.get(page(rental)), accepted)
    correct_buyer(rental=rental, said={"city": "Caen"}, by=make_user(role="manager"), now=NOW)
    read = client.get(page(rental))
    assertContains(read, accepted)
    assertContains(read, "76000 Caen (corrigé le mardi 24 novembre).")


def test_an_organisation_of_another_country_accepts_without_a_siren(client: Client, site: Site) -> None:
    rental = make_sent(site, buyer="business")
    belgian = {**YES, **BILLED, "siren": "", "country": "BE", "postcode": "B-1000", "city": "Bruxelles"}
    assertContains(
        client.post(address(rental, "rent_accept"), belgian), "Indiquez le numéro de TVA", status_code=422
    )
    client.post(address(rental, "rent_accept"), {**belgian, "vat_number": "BE 0403.019.261"})
    document = pay_advance(rental)
    buyer = document.snapshot.content["buyer"]
    assert "Belgique" in content(document)["buyer"]["rows"]
    assert (buyer["country"], buyer["postcode"], buyer["siren"], buyer["vat_number"]) == (
        "BE", "B-1000", "", "BE0403019261",
    )  # fmt: skip


@pytest.mark.parametrize("lacking", ["name", "function", "terms"])
def test_what_is_missing_is_said_and_nothing_is_accepted(
    client: Client, sent: RentalQuote, lacking: str
) -> None:
    typed = {name: value for name, value in YES.items() if name != lacking}
    answer = client.post(address(sent, "rent_accept"), typed)
    assert answer.status_code == 422
    assertContains(answer, "form-errors", status_code=422)
    assert Quote.objects.get().state == "sent"


def test_what_is_wrong_is_summed_up_in_the_order_of_the_page(client: Client, site: Site) -> None:
    rental = make_sent(site, buyer="business")
    page = str(client.post(address(rental, "rent_accept"), {"country": "BE", "address": "1, rue"}).content)
    summary = re.findall(r'<a href="#id_(\w+)">', page)
    assert summary == ["name", "function", "legal_name", "postcode", "city", "vat_number", "terms"]


def test_a_consumer_of_next_week_asks_for_the_beginning(client: Client, site: Site) -> None:
    soon = on(date(2026, 12, 2), NOW.time(), (NOW + timedelta(hours=2)).time())
    rental = make_sent(site, period=soon, buyer="consumer")
    assert client.post(address(rental, "rent_accept"), YES).status_code == 422
    assert client.post(address(rental, "rent_accept"), {**YES, "start": "on"}).status_code == 302
    assert Order.objects.get().start_requested_at == NOW


def test_an_old_version_cannot_be_accepted(client: Client, sent: RentalQuote) -> None:
    first = sent
    send_quote(rental=draft_quote(request=first.request, by=None, now=NOW), now=NOW)
    answer = client.post(address(first, "rent_accept"), YES)
    assert answer.status_code == 409
    assertContains(answer, "nouvelle version", status_code=409)
    assert set(Quote.objects.values_list("state", flat=True)) == {"superseded", "sent"}


def test_what_is_over_or_withdrawn_says_so(client: Client, sent: RentalQuote, site: Site) -> None:
    late, back = sent, make_sent(site)
    withdraw_quote(rental=back, now=NOW)
    assertContains(client.get(page(back)), "Nous avons retiré ce devis")
    with time_machine.travel(late.quote.valid_until, tick=False):
        read = client.get(page(late))
        assertContains(read, "n’est plus valable")
        assertNotContains(read, "Accepter le devis")
        typed = {**YES, "start": "on"}
        assert client.post(address(late, "rent_accept"), typed).status_code == 409
    assert not Order.objects.exists()


def test_refusing_asks_why(client: Client, sent: RentalQuote) -> None:
    assertContains(client.get(address(sent, "rent_refuse")), sent.quote.number)
    assert client.post(address(sent, "rent_refuse"), {}).status_code == 422
    answer = client.post(address(sent, "rent_refuse"), {"reason": "price", "words": "Trop cher"})
    assertRedirects(answer, page(sent))
    quote = Quote.objects.get()
    assert (quote.state, quote.refusal_reason) == ("refused", "Le prix ne nous convient pas. Trop cher")
    assertContains(client.get(page(sent)), "Vous avez refusé ce devis")
    assertRedirects(client.get(address(sent, "rent_refuse")), page(sent))
    assert client.post(address(sent, "rent_refuse"), {"reason": "price"}).status_code == 409


def test_the_pdf_is_given_by_the_link_only(
    client: Client, sent: RentalQuote, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert client.get(address(sent, "rent_quote_pdf")).status_code == 404
    make_due(NOW)
    answer = client.get(address(sent, "rent_quote_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert "noindex" in answer["X-Robots-Tag"]
    other = make_rental_request(sent.request.site)
    stolen = reverse("bookings:rent_quote_pdf", args=[other.key, sent.quote.version])
    assert client.get(stolen).status_code == 404
    RentalRequest.objects.filter(pk=sent.request_id).update(link_until=NOW)
    assert client.get(address(sent, "rent_quote_pdf")).status_code == 410


def test_the_page_asks_no_more_for_more_lines(client: Client, site: Site) -> None:
    def count(extras: int, day: date) -> int:
        request = make_rental_request(site, space=site.spaces.get(code="quai"), period=on(day, *HOURS))
        for _each in range(extras):
            request.extras.add(make_extra(site))
        send_quote(rental=draft_quote(request=request, by=None, now=NOW), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(request.get_absolute_url())
        return len(queries)

    count(1, DAY)
    assert count(1, DAY + WEEK) == count(6, DAY + 2 * WEEK)


WEEK = timedelta(days=7)
HOURS = (NOW.time(), (NOW + timedelta(hours=3)).time())


def test_it_is_read_in_english_by_who_asked_in_english(client: Client, site: Site) -> None:
    rental = make_sent(site, language="en")
    client.cookies["django_language"] = "en"
    assert rental.quote.language == "en"
    assert rental.quote.words["subject"][0][0] == "Space"
