"""« Mes factures »: what is due says how to pay it, and what is left after a part."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Customer, Document, Payment
from tests.billing.collecting.steps import BIC, IBAN, enter, make_debtor, make_due
from tests.factories.billing import make_seller, person
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


def browser_of(document: Document) -> Client:
    client = Client()
    client.force_login(person(document.customer))
    return client


def page_of(document: Document) -> str:
    return reverse("billing:settle", args=[document.seller.code, document.number])


def test_a_document_that_is_due_says_how_it_is_paid() -> None:
    document = make_due(timezone.now(), seller=make_seller(iban=IBAN, bic=BIC), customer=make_debtor())
    browser = browser_of(document)
    assertContains(browser.get(reverse("billing:documents")), page_of(document))
    page = browser.get(page_of(document))
    for text in ("36,00\u00a0€", "FR76 3000", BIC, document.number, "<svg"):
        assertContains(page, text)
    assertNotContains(page, "style=")


def test_after_a_part_it_says_what_is_left_and_once_paid_it_asks_for_nothing() -> None:
    document, now = make_due(timezone.now()), timezone.now()
    browser = browser_of(document)
    enter(document, "20.00", now=now)
    assertContains(browser.get(reverse("billing:documents")), "reste 16,00\u00a0€")
    page = browser.get(page_of(document))
    assertContains(page, "16,00\u00a0€")
    assertContains(page, "20,00\u00a0€")
    enter(document, "16.00", now=now)
    assertContains(browser.get(page_of(document)), "est réglée")
    assertNotContains(browser.get(reverse("billing:documents")), page_of(document))


def test_a_seller_without_an_account_prints_no_code() -> None:
    document = make_due(timezone.now(), seller=make_seller())
    page = browser_of(document).get(page_of(document))
    assertNotContains(page, "settle-code")
    assertContains(page, "comptoir")


def test_an_invoice_that_is_due_is_paid_by_card_from_its_page(standin: Standin) -> None:
    document = make_due(timezone.now(), seller=make_seller(iban=IBAN))
    enter(document, "20.00", now=timezone.now())
    browser, pay = browser_of(document), reverse("billing:pay", args=[document.order.public_id])
    page = browser.get(page_of(document))
    assertContains(page, "Payer 16,00\u00a0€ par carte")
    assertContains(page, f'action="{pay}"')
    answer = browser.post(pay)
    session = document.order.payments.get(method="card")
    assert answer.headers["Location"] == session.session_url
    back = reverse("billing:return", args=[document.order.public_id])
    standin.pay(session.session_id)
    assert browser.get(back, {"session": session.session_id}).status_code == 302
    assertContains(browser.get(page_of(document)), "est réglée")
    assert browser.get(pay).headers["Location"].startswith("/essai/")


def test_before_the_money_is_there_the_way_back_asks_for_patience(standin: Standin) -> None:
    document = make_due(timezone.now())
    browser = browser_of(document)
    browser.post(reverse("billing:pay", args=[document.order.public_id]))
    session = document.order.payments.get().session_id
    page = browser.get(reverse("billing:return", args=[document.order.public_id]), {"session": session})
    assertContains(page, "Nous vérifions votre paiement")
    assert page.headers["Refresh"] == "5"


def test_who_has_the_link_of_a_contacts_order_pays_its_invoice_and_sees_no_more(standin: Standin) -> None:
    contact = make_debtor()
    contact.kind, contact.user = Customer.Kind.CONTACT, None
    contact.save()
    document = make_due(timezone.now(), seller=make_seller(iban=IBAN), customer=contact)
    pay = reverse("billing:pay", args=[document.order.public_id])
    page = Client().get(pay)
    for text in ("Payer 36,00\u00a0€ par carte", "FR76 3000", document.number):
        assertContains(page, text)
    assertNotContains(page, reverse("billing:documents"))
    assertNotContains(page, document.get_absolute_url())
    assert Client().post(pay).headers["Location"] == document.order.payments.get().session_url


def test_without_the_service_the_page_says_so_and_nothing_is_lost(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "off"
    document = make_due(timezone.now(), seller=make_seller(iban=IBAN))
    browser = browser_of(document)
    assertNotContains(browser.get(page_of(document)), "par carte")
    answer = browser.post(reverse("billing:pay", args=[document.order.public_id]))
    assertContains(answer, "n’est pas proposé", status_code=409)
    assert not Payment.objects.exists()


def test_it_is_nobody_elses() -> None:
    document = make_due(timezone.now())
    client = Client()
    client.force_login(make_user())
    assert client.post(reverse("billing:pay", args=[document.order.public_id])).status_code == 404
    assert client.get(page_of(document)).status_code == 404
    client.force_login(make_user(role="treasurer"))
    assert client.get(page_of(document)).status_code == 404
