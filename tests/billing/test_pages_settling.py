"""« Mes factures »: what is due says how to pay it, and what is left after a part."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Document
from tests.billing.collecting.steps import BIC, IBAN, enter, make_debtor, make_due
from tests.factories.billing import make_seller, person
from tests.factories.members import make_user

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
    for text in ("36,00\u00a0€", "FR76\u00a03000", BIC, document.number, "<svg"):
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


def test_it_is_nobody_elses() -> None:
    document = make_due(timezone.now())
    client = Client()
    client.force_login(make_user())
    assert client.get(page_of(document)).status_code == 404
    client.force_login(make_user(role="treasurer"))
    assert client.get(page_of(document)).status_code == 404
