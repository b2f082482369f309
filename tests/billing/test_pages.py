"""The pages of paying, of documents and of the billing address; all of them work without JavaScript."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.customers import contact_for, customer_for
from billing.documents.files import make_due
from billing.models import Customer, Document, Order
from billing.settlement.services import accept_on_terms
from members.models import User
from tests.factories.billing import TrialHandler, make_customer, make_order, make_organisation_customer
from tests.factories.members import make_organisation, make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture
def now() -> dt.datetime:
    """The views ask the clock."""
    return timezone.now()


@pytest.fixture
def someone() -> User:
    """Who pays."""
    return make_user(name="Camille Essai")


@pytest.fixture
def browser(someone: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(someone)
    return client


def order_of(someone: User, now: dt.datetime, **fields: object) -> Order:
    return make_order(customer=make_customer(someone, **fields), now=now)


def url(name: str, order: Order) -> str:
    return reverse(f"billing:{name}", args=[order.public_id])


def test_the_pay_page_says_what_how_much_and_how(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    page = browser.get(url("pay", order_of(someone, now)))
    for text in (
        "Salle Essai",
        "30,00\u00a0€",
        "TVA 20\u00a0%",
        "36,00\u00a0€",
        "Carte bancaire",
        "Annulation gratuite",
    ):
        assertContains(page, text)
    assertContains(page, "Payer 36,00\u00a0€")
    assertContains(page, "Commande avec obligation de paiement")
    assertNotContains(page, "Sur facture")
    assertNotContains(page, "style=")


def test_choosing_the_card_leads_to_checkout(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_of(someone, now)
    answer = browser.post(url("pay", order), {"means": "card", "start": "on"})
    assert (answer.status_code, answer["Location"]) == (302, order.payments.get().session_url)


def test_the_way_back_leads_to_what_was_bought(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_of(someone, now)
    browser.post(url("pay", order), {"means": "card", "start": "on"})
    session = order.payments.get().session_id
    back = f"{url('return', order)}?session={session}"
    waiting = browser.get(back)
    assertContains(waiting, "Nous vérifions votre paiement")
    assert waiting["Refresh"] == "5"
    standin.pay(session)
    assertRedirects(browser.get(back), f"/essai/{order.lines.get().pk}/", fetch_redirect_response=False)
    assertRedirects(
        browser.get(url("pay", order)), f"/essai/{order.lines.get().pk}/", fetch_redirect_response=False
    )


def test_a_payment_that_came_too_late_is_explained(
    browser: Client, someone: User, now: dt.datetime, standin: Standin, trial: TrialHandler
) -> None:
    order = order_of(someone, now)
    browser.post(url("pay", order), {"means": "card", "start": "on"})
    session = order.payments.get().session_id
    standin.pay(session)
    trial.gone.add("Salle Essai")
    page = browser.get(f"{url('return', order)}?session={session}")
    assertContains(page, "Votre paiement vous est remboursé")


@pytest.mark.usefixtures("quick_retries")
def test_case_14_the_page_says_so_when_stripe_is_down(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_of(someone, now)
    standin.go_down()
    page = browser.post(url("pay", order), {"means": "card", "start": "on"})
    assertContains(page, "Rien n’a été débité", status_code=409)
    assertContains(page, "Payer 36,00\u00a0€", status_code=409)
    order.refresh_from_db()
    assert order.state == "open"


def test_an_invoice_by_terms_is_offered_to_who_has_them(
    browser: Client, someone: User, now: dt.datetime
) -> None:
    order = order_of(someone, now, terms_days=30)
    assertContains(browser.get(url("pay", order)), "à 30\u00a0jours")
    browser.post(url("pay", order), {"means": "terms", "start": "on"})
    order.refresh_from_db()
    assert (order.state, order.means) == ("accepted", "terms")


def test_paying_on_the_spot_is_offered_where_the_place_allows_it(
    browser: Client, someone: User, now: dt.datetime, trial: TrialHandler
) -> None:
    order = order_of(someone, now)
    trial.desk_until = now - dt.timedelta(seconds=1)
    assertNotContains(browser.get(url("pay", order)), "Sur place")
    trial.desk_until = now + dt.timedelta(hours=20)
    assertContains(browser.get(url("pay", order)), "Sur place")
    assert browser.post(url("pay", order), {"means": "desk", "start": "on"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.means, order.expires_at) == ("open", "desk", trial.desk_until)


def test_terms_of_an_organisation_are_not_for_who_may_not_spend(
    browser: Client, someone: User, now: dt.datetime
) -> None:
    customer = make_organisation_customer(make_organisation(someone, may_pay=False))
    order = make_order(customer=customer, by=someone, now=now)
    assert browser.post(url("pay", order), {"means": "terms", "start": "on"}).status_code == 422
    order.refresh_from_db()
    assert order.state == "open"


def test_a_means_that_is_not_offered_is_refused(browser: Client, someone: User, now: dt.datetime) -> None:
    order = order_of(someone, now)
    for means in ("", "terms", "desk", "free", "x"):
        assert browser.post(url("pay", order), {"means": means, "start": "on"}).status_code == 422, means
    order.refresh_from_db()
    assert (order.state, order.means) == ("open", "")


def test_an_order_that_is_over_says_so_and_takes_no_money(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_of(someone, now - dt.timedelta(minutes=20))
    assertContains(browser.get(url("pay", order)), "Le délai de paiement est passé")
    assert browser.post(url("pay", order), {"means": "card", "start": "on"}).status_code == 409
    assert standin.sessions() == []


def test_an_order_is_given_up_by_a_post(browser: Client, someone: User, now: dt.datetime) -> None:
    order = order_of(someone, now)
    assert browser.get(url("cancel", order)).status_code == 405
    assert browser.post(url("cancel", order)).status_code == 302
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert browser.post(url("cancel", order)).status_code == 409


def test_the_order_of_somebody_else_is_not_found(browser: Client, now: dt.datetime) -> None:
    order = make_order(now=now)
    for ask, name in ((browser.get, "pay"), (browser.get, "return"), (browser.post, "cancel")):
        assert ask(url(name, order)).status_code == 404, name
    assert browser.post(url("pay", order), {"means": "card", "start": "on"}).status_code == 404
    order.refresh_from_db()
    assert order.state == "open"


def invoice(someone: User, now: dt.datetime) -> Document:
    order = order_of(someone, now, terms_days=30)
    document = accept_on_terms(order=order, by=someone, now=now)
    assert document is not None
    return document


def test_documents_are_listed_and_handed_out(
    browser: Client, someone: User, now: dt.datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assertContains(browser.get(reverse("billing:documents")), "Aucune facture")
    document = invoice(someone, now)
    assertContains(browser.get(reverse("billing:documents")), "à régler")
    address = document.get_absolute_url()
    assertContains(browser.get(address), "Le PDF est en préparation", status_code=202)
    make_due(now)
    answer = browser.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a file


def test_documents_are_for_their_customer_and_who_runs_the_place(browser: Client, now: dt.datetime) -> None:
    document = invoice(make_user(), now)
    address = document.get_absolute_url()
    assert browser.get(address).status_code == 404
    assert document.number not in browser.get(reverse("billing:documents")).content.decode()
    for role, status in (("treasurer", 202), ("manager", 202), ("volunteer", 404)):
        client = Client()
        client.force_login(make_user(role=role))
        assert client.get(address).status_code == status


def test_documents_do_not_ask_more_of_the_database_when_there_are_more(
    browser: Client, someone: User, now: dt.datetime, django_assert_max_num_queries: object
) -> None:
    for _ in range(6):
        invoice(someone, now)
    browser.get(reverse("billing:documents"))  # the premises are read
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture
        assert browser.get(reverse("billing:documents")).status_code == 200


ADDRESS = {"name": "Atelier Essai", "address": "1, place Imaginaire", "postcode": "76000", "city": "Rouen"}


def test_the_billing_address_changes_the_next_documents_only(
    browser: Client, someone: User, now: dt.datetime
) -> None:
    before = invoice(someone, now)
    given = {**ADDRESS, "siren": "732 829 320", "vat_number": "FR 44 732 829 320"}
    assertRedirects(browser.post(reverse("billing:address"), given), reverse("billing:address"))
    customer = Customer.objects.get(user=someone)
    assert (customer.siren, customer.vat_number, customer.is_business) == ("732829320", "FR44732829320", True)
    before.refresh_from_db()
    assert before.snapshot.content["buyer"]["name"] == "Camille Essai"
    order = make_order(customer=customer, now=now)
    after = accept_on_terms(order=order, by=someone, now=now)
    assert after is not None
    assert after.snapshot.content["buyer"]["name"] == "Atelier Essai"


def test_a_wrong_number_is_refused_and_nothing_changes(browser: Client, someone: User) -> None:
    for name, wrong in (
        ("siren", "732829321"),
        ("vat_number", "FR00"),
        ("name", ""),
        ("postcode", " "),
        ("postcode", "ABC"),
    ):
        page = browser.post(reverse("billing:address"), {**ADDRESS, name: wrong})
        assert (name, page.status_code) == (name, 422)
    with transaction.atomic():
        customer = customer_for(someone)
    assert (customer.name, customer.address, customer.siren) == ("Camille Essai", "", "")


def test_who_is_not_signed_in_is_asked_to_even_with_the_link_of_a_persons_order(
    someone: User, now: dt.datetime
) -> None:
    order = order_of(someone, now)
    for path in ("/moi/factures/", "/moi/facturation/", url("pay", order), url("return", order)):
        answer = Client().get(path)
        assert (path, answer.status_code) == (path, 302)
        assert answer["Location"].startswith(reverse("account_login"))


def test_a_contacts_order_is_paid_and_given_up_by_whoever_has_its_link(now: dt.datetime) -> None:
    with transaction.atomic():
        contact = contact_for(email="Noe@cantine.example", name="Noé Essai", language="fr")
    order = make_order(customer=contact, now=now)
    assertContains(Client().get(url("pay", order)), "36,00")
    assert Client().post(url("cancel", order)).status_code == 302
    order.refresh_from_db()
    assert (order.state, contact.email) == ("cancelled", "noe@cantine.example")


def test_the_same_number_of_two_sellers_opens_each_its_own_document(
    browser: Client, someone: User, now: dt.datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first, second = invoice(someone, now), invoice(someone, now)
    assert first.number == second.number
    make_due(now)
    for document in (first, second):
        content = b"".join(browser.get(document.get_absolute_url()).streaming_content)  # type: ignore[attr-defined]  # a file
        assert hashlib.sha256(content).hexdigest() == document.files.get(kind="pdf").sha256
