"""« Faire un avoir… »: the manager reads what a credit note would do, then makes it; what is kept is used."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Correction, Document, Refund
from billing.settlement.services import take_at_desk
from members.models import User
from tests.billing.collecting.steps import balance, make_debtor, make_due
from tests.factories.billing import TRIAL, make_seller
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    TRIAL.forget()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


@pytest.fixture
def desk(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def address(document: Document) -> str:
    return reverse("admin:credit_document", args=[document.pk])


def typed(do: str, amount: str = "", **more: str) -> dict[str, str]:
    return {"do": do, "ligne-1": amount, "money": "back", "reason": "", **more}


def test_it_is_read_before_it_is_made(desk: Client, manager: User) -> None:
    document = make_due(NOW, "36.00")
    assertContains(desk.get(reverse("admin:billing_document_change", args=[document.pk])), address(document))
    assertContains(desk.get(address(document)), "36,00\u00a0€ TTC")
    page = desk.post(address(document), typed("preview", "12,00"))
    for said in ("10,00\u00a0€", "2,00\u00a0€", "Déduit de ce qui restait dû"):
        assertContains(page, said)
    assertContains(desk.post(address(document), typed("preview", "36,01")), "dépasse ce qui reste")
    assertContains(desk.post(address(document), typed("all")), 'value="36,00"')
    assert desk.post(address(document), typed("make", "12,00")).status_code == 422
    assertContains(desk.post(address(document), typed("make", reason="Geste")), "une somme", status_code=409)
    assert not Document.objects.filter(kind="credit_note").exists()
    made = desk.post(address(document), typed("make", "12,00", reason="Geste"))
    note = Document.objects.get(kind="credit_note")
    at = reverse("admin:billing_document_change", args=[note.pk])
    assertRedirects(made, at, fetch_redirect_response=False)
    shown = desk.get(at)
    assertContains(shown, f"Geste ({manager})")
    for sum_ in ("−10,00\u00a0€", "−2,00\u00a0€", "−12,00\u00a0€"):
        assertContains(shown, sum_, 2)  # on the whole and on its line
    assertNotContains(shown, "Faire un avoir")
    assert (balance(document).owed, Refund.objects.count()) == (Decimal("24.00"), 0)
    assertContains(desk.get(address(document)), "il en reste 24,00")


def test_the_treasurer_is_told_who_makes_one_and_makes_none(manager: User) -> None:
    document, client = make_due(NOW, "36.00"), Client()
    client.force_login(make_user(role="treasurer"))
    assertContains(
        client.get(reverse("admin:billing_document_change", args=[document.pk])), address(document)
    )
    page = client.get(address(document))
    assertContains(page, manager.email)
    assertContains(page, "passe par vous")
    assert client.post(address(document), typed("make", "12,00", reason="Geste")).status_code == 403
    assert not Document.objects.filter(kind="credit_note").exists()


def test_what_is_kept_is_listed_and_used_or_given_back(desk: Client, manager: User) -> None:
    customer, seller = make_debtor(), make_seller()
    document = make_due(NOW, customer=customer, seller=seller)
    take_at_desk(order=document.order, method="cash", by=manager, now=NOW)
    page = desk.post(address(document), typed("preview", "30,00"))
    assertContains(page, "Rendu\u00a0: espèces")
    desk.post(address(document), typed("make", "30,00", reason="Report", money="keep"))
    kept, due = Correction.objects.left().get(), make_due(NOW, customer=customer, seller=seller)
    at = reverse("admin:use_credit_note", args=[kept.pk])
    assertContains(desk.get(reverse("admin:owed")), at)
    assertContains(desk.get(reverse("admin:follow_up", args=[due.pk])), at)
    assertContains(desk.get(at), "30,00\u00a0€ gardés")
    assert desk.post(at, {"document": due.pk, "montant": "20,00"}).status_code == 302
    assertContains(desk.post(at, {"document": "", "montant": "10,01"}), "dépasse ce qui reste à rendre")
    assert desk.post(at, {"document": "", "montant": "10,00"}).status_code == 302
    assert (balance(due).owed, Refund.objects.get().amount) == (Decimal("16.00"), Decimal("10.00"))
    assert desk.get(at).status_code == 404


def test_who_may_not_make_it_does_not() -> None:
    document = make_due(NOW)
    for role in ("treasurer", "volunteer", "coworker"):
        browser = Client()
        browser.force_login(make_user(role=role))
        sent = browser.post(address(document), typed("make", "36,00", reason="Non"))
        assert sent.status_code == 403
    assert not Document.objects.filter(kind="credit_note").exists()
