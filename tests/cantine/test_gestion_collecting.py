"""« À encaisser » by the manager and the treasurer: what is owed, transfers entered, credits, pauses."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.collecting.dunning import owe_letters
from billing.models import Document, DunningPause, Payment, Refund, Transfer
from billing.payments.keeping import credits_left
from cantine.gestion.todo.money import unpaid
from members.models import User
from tests.billing.collecting.steps import balance, enter, make_debtor, make_due, make_steps
from tests.factories.billing import TRIAL, make_order, make_seller
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
ISSUED = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
OWED, TRANSFER = "admin:owed", "admin:transfer"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    TRIAL.forget()
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user(role="manager"))


@pytest.fixture(params=["manager", "treasurer"])
def either(request: pytest.FixtureRequest) -> Client:
    return signed_in(make_user(role=request.param))


def test_what_is_owed_is_listed_the_longest_due_first_with_its_totals(manager: Client) -> None:
    seller = make_seller()
    old = make_due(ISSUED, "36.00", seller=seller)
    part = make_due(ISSUED + dt.timedelta(days=20), "20.00", seller=seller)
    to_come = make_due(NOW, "50.00", seller=seller)
    enter(part, "5.50", now=ISSUED + dt.timedelta(days=20))
    page = manager.get(reverse(OWED))
    html = page.content.decode()
    assert html.index(old.number) < html.index(part.number) < html.index(to_come.number)
    for seen in (page, signed_in(make_user(role="treasurer")).get(reverse(OWED))):
        assertContains(seen, "100,50\u00a0€ à recevoir")
    assertContains(page, "54\u00a0jours de retard")
    total = sum(row.owed for row in Document.objects.unpaid())
    assert total == Decimal("100.50")
    late = manager.get(reverse(OWED), {"etat": "retard"})
    assertContains(late, "50,50\u00a0€ à recevoir")
    assertNotContains(late, to_come.number)
    assertContains(manager.get(reverse(OWED), {"etat": "60"}), "50,50\u00a0€ à recevoir")
    assertContains(manager.get(reverse(OWED), {"etat": "plus"}), "Rien n’est à encaisser")
    theirs = manager.get(reverse(OWED), {"client": str(old.customer_id)})
    assertContains(theirs, "36,00\u00a0€ à recevoir")
    assert manager.get(reverse(OWED), {"client": "x", "etat": "y", "page": "z"}).status_code == 200
    listed = reverse("admin:billing_document_changelist")
    assertNotContains(manager.get(listed), "<small>Autre lieu</small>")
    assert "tous vendeurs" not in unpaid(NOW.date(), "fr", make_user(role="manager"))[0].detail
    make_due(NOW, "10.00", seller=make_seller(name="Autre lieu"))  # whose numbers are the same
    assertContains(manager.get(reverse(OWED)), "<small>Autre lieu</small>")
    assertContains(manager.get(listed), "<small>Autre lieu</small>")
    make_due(ISSUED, "7.00", seller=make_seller(name="Encore un"))
    said = unpaid(NOW.date(), "fr", make_user(role="manager"))[0].detail
    assert said.startswith("57,50\u00a0€ en tout, tous vendeurs, ")


def test_the_list_asks_as_many_queries_for_many_as_for_few(manager: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(reverse(OWED)).status_code == 200
        return len(asked)

    make_steps()
    for each in range(2):
        make_due(ISSUED, f"{each + 1}.00")
    enter(make_due(ISSUED), "50.00", now=NOW)
    few = queries()
    for each in range(3):
        make_due(ISSUED, f"{each + 1}.00")
        enter(make_due(ISSUED), f"{60 + each}.00", now=NOW)
    owe_letters(NOW)
    assert queries() == few <= 14


def asked(document: Document, amount: str, text: str = "") -> dict[str, str]:
    return {"montant": amount, "date": "2026-11-23", "libelle": text or f"VIR {document.number}"}


def test_a_transfer_is_recognised_by_its_reference_and_entered(either: Client) -> None:
    document = make_due(ISSUED)
    spaced = document.number.replace("-", " ").lower()
    page = either.get(reverse(TRANSFER), asked(document, "20,00", f"vir sepa {spaced}"))
    payer = f"{document.customer_id}-{document.seller_id}"
    assertContains(page, f'value="{payer}"')
    assertContains(page, 'value="20,00"', count=3)
    posted = {**asked(document, "20.00"), "payeur": payer, f"d{document.pk}": "20.00"}
    answer = either.post(reverse(TRANSFER), posted)
    assertRedirects(answer, reverse(OWED), fetch_redirect_response=False)
    assert balance(document).owed == Decimal("16.00")
    transfer = Transfer.objects.get()
    assert (transfer.received_on, transfer.amount) == (dt.date(2026, 11, 23), Decimal("20.00"))
    again = either.post(reverse(TRANSFER), posted)
    assertContains(again, "déjà saisi")
    assertContains(again, "autre virement")
    assert Payment.objects.count() == 1
    either.post(reverse(TRANSFER), {**posted, f"d{document.pk}": "10.00", "autre": "on"})
    assert balance(document).owed == Decimal("6.00")
    assert credits_left().get().credit == Decimal("10.00")


def test_a_transfer_is_first_of_the_day_that_it_is_for_every_seller(manager: Client) -> None:
    make_seller()
    late = dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC)
    for moment, day in ((late, "2026-11-25"), (late - dt.timedelta(hours=1), "2026-11-24")):
        with time_machine.travel(moment, tick=False):
            assertContains(manager.get(reverse(TRANSFER)), f'value="{day}"')
    make_seller(timezone="America/Guadeloupe")
    with time_machine.travel(late, tick=False):
        assertContains(manager.get(reverse(TRANSFER)), 'value="2026-11-24"')


def test_one_without_a_reference_is_proposed_by_amount_and_name(manager: Client) -> None:
    seller = make_seller()
    other = make_due(ISSUED, "36.00", customer=make_debtor(name="Autre"), seller=seller)
    document = make_due(ISSUED, customer=make_debtor(name="Coopérative des Nuages"), seller=seller)
    page = manager.get(reverse(TRANSFER), asked(document, "36.00", "VIR COOPERATIVE DES NUAGES"))
    html = page.content.decode()
    assert html.index(document.number) < html.index(other.number)
    assertContains(page, "son nom est dans le libellé")
    nobody = manager.get(reverse(TRANSFER), {**asked(document, "1.00", "rien"), "qui": "coopérative"})
    assertContains(nobody, f"payeur={document.customer_id}-{document.seller_id}")


def test_an_order_that_waits_is_proposed_and_accepted(manager: Client) -> None:
    order = make_order(now=NOW, minutes=None)
    page = manager.get(reverse(TRANSFER), {"montant": "36", "date": "2026-11-24", "libelle": order.reference})
    assertContains(page, order.reference)
    posted = {
        "montant": "36",
        "date": "2026-11-24",
        "libelle": "x",
        "payeur": f"{order.customer_id}-{order.seller_id}",
        f"c{order.pk}": "36",
    }
    assert manager.post(reverse(TRANSFER), posted).status_code == 302
    order.refresh_from_db()
    assert order.state == "accepted"


def test_what_is_typed_wrong_is_said_and_writes_nothing(manager: Client) -> None:
    document = make_due(ISSUED)
    payer = {"payeur": f"{document.customer_id}-{document.seller_id}"}
    for wrong in ({"montant": "-1"}, {"montant": "1e9"}, {"montant": "x"}, {"date": "jamais"}):
        assert manager.get(reverse(TRANSFER), {**asked(document, "5"), **wrong}).status_code == 422
    too_much = {**asked(document, "50"), **payer, f"d{document.pk}": "40"}
    assertContains(manager.post(reverse(TRANSFER), too_much), "dépasse ce qui reste dû")
    beyond = {**asked(document, "5"), **payer, f"d{document.pk}": "6"}
    assertContains(manager.post(reverse(TRANSFER), beyond), "dépassent le montant")
    for key in ("999999-1", "x-y", "-", "1" * 30 + "-1"):
        assert manager.get(reverse(TRANSFER), {**asked(document, "5"), "payeur": key}).status_code == 200
    assert not Transfer.objects.exists()


def test_who_has_lost_the_permission_reads_and_enters_nothing() -> None:
    treasurer = make_user(role="treasurer")
    Permission.objects.get(codename="receive_transfer").group_set.clear()
    document, client = make_due(ISSUED), signed_in(treasurer)
    assertNotContains(client.get(reverse(OWED)), reverse(TRANSFER))
    posted = {**asked(document, "5"), "payeur": f"{document.customer_id}-{document.seller_id}"}
    assert client.get(reverse(TRANSFER)).status_code == 403
    assert client.post(reverse(TRANSFER), posted).status_code == 403
    assert not Transfer.objects.exists()


def test_a_credit_is_used_on_the_page_and_the_rest_given_back(either: Client) -> None:
    customer, seller = make_debtor(), make_seller()
    enter(make_due(ISSUED, customer=customer, seller=seller), "56.00", now=NOW)
    second = make_due(ISSUED, customer=customer, seller=seller)
    kept = credits_left().get()
    at = reverse("admin:credit", args=[kept.pk])
    assertContains(either.get(at), "20,00\u00a0€ payés en trop")
    assertContains(either.get(reverse("admin:follow_up", args=[second.pk])), "Utiliser 20,00\u00a0€")
    assert either.post(at, {"document": second.pk, "montant": "15.00"}).status_code == 302
    assertContains(either.post(at, {"document": "", "montant": "5.01"}), "dépasse ce qui reste à rendre")
    assert either.post(at, {"document": "", "montant": "5.00"}).status_code == 302
    assert (balance(second).owed, Refund.objects.get().amount) == (Decimal("21.00"), Decimal("5.00"))
    assert either.get(at).status_code == 404


def test_the_follow_up_of_a_document_tells_letters_and_what_could_be_asked(manager: Client) -> None:
    make_steps()
    document = make_due(ISSUED, "388.61")
    owe_letters(NOW)
    page = manager.get(reverse("admin:follow_up", args=[document.pk]))
    for text in ("388,61\u00a0€", "Relance 1", "54\u00a0jours de retard", "40,00\u00a0€", "jamais facturés"):
        assertContains(page, text)
    treasurer = signed_in(make_user(role="treasurer"))
    assertContains(treasurer.get(reverse("admin:follow_up", args=[document.pk])), "Relance 1")
    listed = manager.get(reverse("admin:billing_document_change", args=[document.pk]))
    assertContains(listed, reverse("admin:follow_up", args=[document.pk]))
    assertContains(manager.get(reverse(OWED)), "1 sur 3")


def test_the_manager_pauses_and_lifts_and_the_treasurer_only_reads(manager: Client) -> None:
    make_steps()
    document = make_due(ISSUED)
    at = reverse("admin:follow_up", args=[document.pk])
    pause = {"sur": "client", "why": "promised", "reason": "Fin du mois", "until": ""}
    assertContains(manager.post(at, pause), "Donnez la fin")
    assert manager.post(at, {**pause, "until": "2026-11-30"}).status_code == 302
    row = DunningPause.objects.get()
    assert (row.customer, row.document) == (document.customer, None)
    assertContains(manager.get(reverse(OWED)), "en pause")
    treasurer = signed_in(make_user(role="treasurer"))
    assert treasurer.post(at, {**pause, "until": "2026-11-30"}).status_code == 403
    assert treasurer.post(reverse("admin:lift_pause", args=[row.pk])).status_code == 403
    assert manager.post(reverse("admin:lift_pause", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.lifted_at == NOW
    assertContains(
        manager.post(reverse("admin:lift_pause", args=[row.pk]), follow=True), "n’est plus en cours"
    )


def test_the_steps_are_dated_rows_and_a_wrong_placeholder_is_refused(manager: Client) -> None:
    (first, *_others) = make_steps()
    fields = {
        "position": "1",
        "days_after": "10",
        "subject_fr": "Rappel {numero}",
        "text_fr": "Il reste {montant}.",
        "subject_en": "Reminder {numero}",
        "text_en": "{montant} is left.",
        "valid_from": "2026-12-01",
        "valid_to": "",
    }
    add = reverse("admin:billing_dunningstep_add")
    assertContains(manager.post(add, {**fields, "text_fr": "{autre}"}), "Rien ne remplirait")
    assert manager.post(add, fields).status_code == 302
    first.refresh_from_db()
    assert first.valid_to == dt.date(2026, 11, 30)
