"""What a document says to whom: the mentions by the buyer's kind and the seller's regime."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from billing.documents.content import content
from billing.documents.services import issue_credit_note, issue_invoice
from billing.models import Customer, Document, Mention, Seller
from tests.factories.billing import make_customer, make_order, make_seller, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
PENALTIES, PUBLIC = {"late_penalties", "recovery_fee"}, {"late_interest_public", "recovery_fee_public"}


def issue(
    now: dt.datetime, *, seller: Seller | None = None, purchase_order: str = "", **buyer: Any
) -> Document:
    order = make_order(customer=make_customer(**buyer), seller=seller, now=now)
    order.purchase_order = purchase_order
    order.save()
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def codes(document: Document) -> set[str]:
    return {mention["code"] for mention in document.snapshot.content["mentions"]}


@pytest.mark.parametrize(
    ("buyer", "owed", "others"),
    [
        ("consumer", set(), PENALTIES | PUBLIC | {"no_discount"}),
        ("business", PENALTIES | {"no_discount"}, PUBLIC),
        ("association", PENALTIES | {"no_discount"}, PUBLIC),
        ("public", PUBLIC | {"no_discount"}, PENALTIES),
    ],
)
def test_each_buyer_reads_what_the_law_owes_them(
    now: dt.datetime, buyer: str, owed: set[str], others: set[str]
) -> None:
    found = codes(issue(now, buyer=buyer))
    assert owed <= found
    assert not others & found


@pytest.mark.parametrize(
    ("regime", "on_debits", "code"),
    [
        ("real", True, "vat_on_debits"),
        ("franchise", True, "vat_franchise"),
        ("exempt", False, "vat_exempt"),
    ],
)
def test_each_regime_has_its_mention(now: dt.datetime, regime: str, on_debits: bool, code: str) -> None:
    found = codes(issue(now, seller=make_seller(vat_regime=regime, vat_on_debits=on_debits)))
    assert found & {"vat_on_debits", "vat_franchise", "vat_exempt"} == {code}


def test_a_law_that_changes_leaves_what_was_issued(now: dt.datetime) -> None:
    seller = make_seller(vat_regime="franchise")
    Mention.objects.create(
        code="vat_franchise", seller=seller, text="Nouvel article.", valid_from=dt.date(2026, 12, 1)
    )
    before, after = issue(now, seller=seller), issue(now + dt.timedelta(days=10), seller=seller)
    assert any("293 B" in text for text in content(before)["mentions"])
    assert "Nouvel article." in content(after)["mentions"]


def test_a_credit_note_speaks_of_no_penalty(now: dt.datetime) -> None:
    document = issue(now, buyer="business")
    with transaction.atomic():
        note = issue_credit_note(document, {line: line.amount_incl for line in document.lines.all()}, now=now)
    assert not codes(note) & PENALTIES
    assert note.snapshot.content["notes"] == dict.fromkeys(["PMT", "PMD", "AAB"], "Sans objet.")


def test_a_public_body_reads_its_service_and_its_order(now: dt.datetime) -> None:
    document = issue(now, buyer="public", service_code="SVC-12", purchase_order="EJ-2026-7")
    printed = content(document)
    assert "Code service SVC-12" in printed["buyer"]["rows"]
    assert {"label": "Numéro d’engagement", "value": "EJ-2026-7", "more": ""} in printed["dates"]


def test_what_is_unsaid_follows_from_what_is_known() -> None:
    assert make_customer().buyer_kind == "consumer"
    assert make_customer(siren="732829320").buyer_kind == "business"
    assert not make_customer(siren="732829320", buyer="consumer").is_business


def test_a_buyer_of_no_known_kind_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_customer(buyer="someone")


@pytest.mark.parametrize(("field", "value"), [("siren", "732829321"), ("vat_number", "FR45732829320")])
def test_a_number_with_a_wrong_key_is_refused_wherever_it_is_typed(field: str, value: str) -> None:
    customer = make_customer(None, **{field: value})
    with pytest.raises(ValidationError) as refused:
        customer.full_clean()
    assert set(refused.value.message_dict) == {field}


def test_a_person_says_what_they_buy_as(client: Client) -> None:
    customer = make_customer()
    client.force_login(person(customer))
    given = {"name": "Mairie Essai", "address": "1, place", "postcode": "76140", "city": "Le Petit-Quevilly"}
    answer = client.post(
        reverse("billing:address"),
        {**given, "buyer": "public", "service_code": "SVC-12", "siren": "732 829 320"},
    )
    assert answer.status_code == 302
    found = Customer.objects.get(pk=customer.pk)
    assert (found.buyer, found.service_code, found.siren) == ("public", "SVC-12", "732829320")
