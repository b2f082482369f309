"""Nothing is sold or numbered in the name of a seller that is not fully described."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from billing.documents.services import issue_invoice
from billing.errors import SellerIncomplete
from billing.models import Document, Order, Seller
from billing.sellers import check_seller, missing_fields
from tests.factories.billing import make_order, make_product, make_seller, new_line
from tests.factories.members import make_superuser

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def test_an_association_without_a_siren_is_known_by_its_rna() -> None:
    seller = make_seller(siren="", rna="W761000000")
    assert missing_fields(seller) == []
    seller.rna = ""
    assert missing_fields(seller) == ["siren"]


def test_only_who_charges_vat_needs_a_vat_number() -> None:
    seller = make_seller(vat_number="")
    assert missing_fields(seller) == ["vat_number"]
    seller.vat_regime = Seller.VatRegime.FRANCHISE
    assert missing_fields(seller) == []


def test_nothing_that_costs_is_ordered_of_an_incomplete_seller() -> None:
    seller = make_seller(siren="")
    with pytest.raises(SellerIncomplete, match="SIREN"):
        make_order(seller=seller, now=NOW)
    assert not Order.objects.exists()


def test_what_is_free_needs_no_seller_who_invoices() -> None:
    seller = make_seller(siren="")
    assert make_order(seller=seller, lines=[new_line(make_product(seller), "0.00")], now=NOW).pk


def test_no_document_is_numbered_for_an_incomplete_seller() -> None:
    order = make_order(now=NOW)
    Seller.objects.update(address="")
    order = Order.objects.select_related("seller", "customer").get(pk=order.pk)
    with pytest.raises(SellerIncomplete), transaction.atomic():
        issue_invoice(order, list(order.lines.all()), None, now=NOW)
    assert not Document.objects.exists()


def test_a_demonstration_needs_nobody_behind_it() -> None:
    assert make_order(seller=make_seller(siren="", specimen=True), now=NOW).pk


def test_the_check_of_the_database_names_the_seller() -> None:
    make_seller(code="inconnu", siren="", email="")
    said = StringIO()
    call_command("check", databases=["default"], stdout=said, stderr=said)
    assert "The seller inconnu issues no document: email, siren missing." in said.getvalue()


def test_numbers_are_checked_by_their_keys() -> None:
    with pytest.raises(ValidationError) as refused:
        check_seller(make_seller(siren="123456789", vat_number="FR99000000000", iban="FR1"))
    assert set(refused.value.error_dict) == {"siren", "vat_number", "iban"}


def test_what_orders_wait_for_is_not_emptied(client: Client) -> None:
    order = make_order(now=NOW)
    client.force_login(make_superuser())
    address = reverse("admin:billing_seller_change", args=[order.seller_id])
    fields = client.get(address).context["adminform"].form.initial
    given = {name: value for name, value in fields.items() if value not in (None, False)}
    refused = client.post(address, {**given, "siren": "", "siret": ""})
    assert "ce champ reste rempli" in refused.content.decode()
    order.seller.refresh_from_db()
    assert order.seller.siren
    assert client.post(address, {**given, "phone": "02 35 00 00 00"}).status_code == 302
