"""« Comptes » as the treasurer and managers open it: whose books, figures and their rows, files."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from pytest_django.asserts import assertContains, assertNotContains

from billing.accounting.books import entries_of, facts_of
from billing.accounting.fec_reading import problems, read
from billing.accounting.periods import Period
from billing.models import Account, Seller
from billing.settlement.services import take_at_desk
from billing.till.drawer import count_cash
from bookings.models import Site
from cantine.roles import give_role, synchronise
from members.models import User
from tests.billing.accounting.year import day, make_books
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.bookings import make_site
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
PAGES = ("", "_entries", "_vat", "_receivables", "_revenue", "_fec")


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seller]:
    with lasting(django_db_blocker):
        synchronise()
        make_seller(name="Aaa vendeur sans rien", code="rien")
        yield make_books(code="essai", name="Essai")


@pytest.fixture
def seller(lived: Seller) -> Iterator[Seller]:
    lived.refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        yield lived


@pytest.fixture
def treasurer(seller: Seller) -> Client:
    return signed_in(make_user(role="treasurer"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(page: str) -> str:
    return reverse(f"admin:accounts{page}")


def table(client: Client, page: str, **asked: str) -> list[list[str]]:
    answer = client.get(at(page), {"vendeur": "essai", "csv": "1", **asked})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_each_page_says_what_it_is_and_its_figures_lead_to_their_rows(treasurer: Client) -> None:
    asked = {"vendeur": "essai"}
    assertContains(treasurer.get(at(""), asked), "compte=708300")
    assertContains(treasurer.get(at("_entries"), {**asked, "compte": "4191"}), "360,00\u00a0€")
    assertContains(treasurer.get(at("_vat"), asked), "254,33\u00a0€")
    assertContains(treasurer.get(at("_vat"), {**asked, "taux": "10.00"}), "Taux 10\u00a0%")
    owed = treasurer.get(at("_receivables"), {**asked, "age": "plus"})
    assertContains(owed, "24,00\u00a0€")
    assertNotContains(owed, "Paiements contestés")  # there is none
    lines = treasurer.get(at("_revenue"), {**asked, "rubrique": "salles", "mois": "2026-03"})
    assertContains(lines, "FS-2026-00001")
    assertNotContains(lines, "AC-2026-00001")
    assertContains(treasurer.get(at("_fec"), asked), "732829320FEC20261231.txt")


def test_tables_have_a_decimal_comma_and_totals_at_their_foot(treasurer: Client) -> None:
    assert table(treasurer, "_vat")[1:] == [
        ["20\u00a0%", "1271,66", "254,33"],
        ["10\u00a0%", "20,00", "2,00"],
        ["hors TVA", "33,00", "0,00"],
        ["Total", "1324,66", "256,33"],
    ]
    foot = table(treasurer, "_entries")[-1]
    assert foot[-2] == foot[-1]
    revenue = table(treasurer, "_revenue")
    assert revenue[-1][-1] == "1324,66"
    assert "Salles" in [row[0] for row in revenue]
    assert table(treasurer, "_receivables")[-1][-1] == "24,00"
    assert table(treasurer, "")[-1][-1] == "0,00"


def test_the_page_of_vat_leads_to_the_balance_with_what_was_owed_at_the_opening(
    treasurer: Client, seller: Seller
) -> None:
    seller.fiscal_year_starts_in = 4
    seller.save()
    asked = {"vendeur": "essai", "du": "2026-04-01", "au": "2026-12-31"}
    page = treasurer.get(at("_vat"), asked)
    due = sum(row[2].value for row in page.context["tables"][0][0].rows)
    bridge = page.context["tables"][-1][0]
    _total, opened, became, left = (cell.value for cell in bridge.foot)
    assert (became, opened + became) == (due, left)
    assert opened > 0
    rows = {row[0].value: row for row in bridge.rows}
    balance = treasurer.get(at(""), asked).context["tables"][0][0]
    said = {row[0].value: -row[4].value for row in balance.rows if row[0].value in rows}
    assert said == {number: row[3].value for number, row in rows.items()}
    inside = treasurer.get(at("_vat"), {**asked, "du": "2026-04-02"}).context["tables"][-1][0]
    assert inside.foot[1].value == 0  # what was before is not in the balance of a part of the year


def test_the_file_of_vat_reads_no_entry_and_the_page_reads_its_facts_once(
    treasurer: Client, seller: Seller
) -> None:
    def asked(read: Callable[[], object]) -> list[str]:
        with CaptureQueriesContext(connection) as found:
            read()
        return [each["sql"] for each in found.captured_queries]

    period = Period(dt.date(2026, 3, 10), dt.date(2026, 4, 30))
    assert entries_of(seller, period, facts_of(seller, period)) == entries_of(seller, period)
    year = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    facts, entries = asked(lambda: facts_of(seller, year)), asked(lambda: entries_of(seller, year))
    file = asked(lambda: treasurer.get(at("_vat"), {"vendeur": "essai", "csv": "1"}))
    page = asked(lambda: treasurer.get(at("_vat"), {"vendeur": "essai"}))
    assert not (set(entries) - set(facts)) & set(file)
    assert [file.count(each) for each in facts] == [page.count(each) for each in facts] == [1] * len(facts)


def test_revenue_leads_to_class_7_of_the_balance_to_the_cent(treasurer: Client, seller: Seller) -> None:
    told: dict[str, Any] = {"seller": seller, "site_code": "essai", "by": make_user(role="manager")}
    for number, counted in enumerate(("50.00", "52.13")):
        count_cash(**told, counted=Decimal(counted), now=NOW + dt.timedelta(minutes=number))
    product = make_product(seller, revenue_account="467000", report_category="tiers")
    order = make_order(seller=seller, customer=make_customer(), lines=[new_line(product, "12.00")], now=NOW)
    take_at_desk(order=order, method="cheque", by=told["by"], now=NOW)
    asked = {"vendeur": "essai"}
    page, bridge = (each[0] for each in treasurer.get(at("_revenue"), asked).context["tables"])
    said = [row[1].value for row in bridge.rows]
    assert said == [page.foot[-1].value, Decimal("-10.00"), Decimal("2.13")]
    balance = treasurer.get(at(""), asked).context["tables"][0][0]
    class_7 = -sum(row[4].value for row in balance.rows if row[0].value.startswith("7"))
    assert bridge.foot[1].value == sum(said) == class_7


def test_a_year_of_revenue_names_its_months_shortly_and_without_cents(treasurer: Client) -> None:
    page = treasurer.get(at("_revenue"), {"vendeur": "essai"})
    heads = [str(head.label) for head in page.context["tables"][0][0].heads]
    assert heads[1:4] + heads[-2:] == ["janv.", "févr.", "mars", "déc.", "Total"]
    assert table(treasurer, "_revenue")[0][1] == "01/2026"
    across = treasurer.get(at("_revenue"), {"vendeur": "essai", "du": "2025-12-01", "au": "2026-03-31"})
    heads = [str(head.label) for head in across.context["tables"][0][0].heads]
    assert heads[1:4] == ["déc. 2025", "janv. 2026", "févr."]


def test_the_base_of_vat_says_why_it_is_not_the_revenue(treasurer: Client) -> None:
    assertNotContains(treasurer.get(at("_vat"), {"vendeur": "essai"}), "n’est pas le total")
    page = treasurer.get(at("_vat"), {"vendeur": "essai", "au": "2026-03-15"})
    assertContains(page, "360,00\u00a0€ d’acomptes")


def test_no_name_becomes_a_formula(treasurer: Client, seller: Seller) -> None:
    product = make_product(seller, name="=1+1", report_category="piege")
    order = make_order(seller=seller, customer=make_customer(), lines=[new_line(product)], now=NOW)
    take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=NOW)
    assert table(treasurer, "_revenue", rubrique="piege")[1][2] == "'=1+1"


def test_the_fec_is_given_with_its_description_and_keeps_within_a_fiscal_year(treasurer: Client) -> None:
    answer = treasurer.get(at("_fec"), {"vendeur": "essai", "fichier": "1"})
    box = zipfile.ZipFile(io.BytesIO(answer.content))
    assert list(problems(read(box.read("732829320FEC20261231.txt")))) == []
    across = {"vendeur": "essai", "du": "2025-06-01", "au": "2026-05-31"}
    page = treasurer.get(at("_fec"), {**across, "fichier": "1"})
    assertContains(page, "choisissez une période plus courte")


def test_a_demonstration_says_so(treasurer: Client, seller: Seller) -> None:
    assertNotContains(treasurer.get(at(""), {"vendeur": "essai"}), "SPÉCIMEN")
    Seller.objects.filter(pk=seller.pk).update(specimen=True)
    assertContains(treasurer.get(at(""), {"vendeur": "essai"}), "SPÉCIMEN")


@pytest.mark.parametrize("page", PAGES)
def test_what_makes_no_sense_is_asked_again(treasurer: Client, page: str) -> None:
    backwards = treasurer.get(at(page), {"vendeur": "essai", "du": "2026-05-01", "au": "2026-04-01"})
    assertContains(backwards, "La période finit avant de commencer.")
    assertNotContains(treasurer.get(at(page), {"vendeur": "nulle-part", "csv": "1"}), "Tableau CSV")
    odd = {"period": "x", "self": "x", "mois": "2026-99", "rubrique": "", "age": "x", "page": "x"}
    for rate in ("NaN", "x") if page == "_vat" else ("NaN",):
        assert treasurer.get(at(page), {"vendeur": "essai", **odd, "taux": rate}).status_code == 200


def test_a_manager_reads_the_books_of_sellers_all_of_whose_sites_she_manages(seller: Seller) -> None:
    here, there = make_site(code="ici", seller=seller), make_site(code="la", seller=seller)
    one, both = make_user(role=None), make_user(role=None)
    give_role(user=one, role="manager", by=None, sites=[here])
    give_role(user=both, role="manager", by=None, sites=[here, there])
    for page in PAGES:
        refused = signed_in(one).get(at(page), {"vendeur": "essai", "csv": "1", "fichier": "1"})
        assertContains(refused, "quand on gère tous ses sites")
        assertNotContains(refused, "706000")
    answer = signed_in(both).get(at(""), {"vendeur": "essai"})
    assertContains(answer, "706000")
    assertNotContains(answer, "Aaa vendeur sans rien")
    assert Site.objects.filter(seller=seller).count() == 2


def test_pages_ask_as_many_queries_whatever_was_sold(treasurer: Client, seller: Seller) -> None:
    asked = {"vendeur": "essai", "taux": "20.00", "rubrique": ""}

    def queries() -> dict[str, int]:
        found = {}
        for page in PAGES:
            with CaptureQueriesContext(connection) as made:
                assert treasurer.get(at(page), asked).status_code == 200
            found[page] = len(made)
        return found

    treasurer.get(at(PAGES[-1]), asked)  # what is asked once for all pages
    before = queries()
    by = make_user(role="manager")
    for number in range(4):
        order = make_order(seller=seller, customer=make_customer(terms_days=30), now=day(50 + number))
        take_at_desk(order=order, method="cash", by=by, now=day(50 + number))
    assert queries() == before


def test_an_account_begins_with_three_digits_and_has_its_role_alone(seller: Seller) -> None:
    client = signed_in(make_user(role="manager"))
    add = reverse("admin:billing_account_add")
    sent = {"seller": seller.pk, "role": "bank", "rate": "", "number": "51x", "label": "Banque"}
    assertContains(client.post(add, sent), "commence par trois chiffres")
    assert not Account.objects.exists()
    assert client.post(add, {**sent, "number": "512 100"}).status_code == 302
    assertContains(client.get(at(""), {"vendeur": "essai"}), "512100")
    assert client.post(add, {**sent, "number": "512200"}).status_code == 200
    assert Account.objects.get().number == "512100"
    refused = {**sent, "role": "cash", "rate": "20.00", "number": "530000"}
    assert client.post(add, refused).status_code == 200
    assert Account.objects.count() == 1
