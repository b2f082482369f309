"""Documents as data: Factur-X EN 16931, without an error in either Schematron, inside a sound PDF/A-3."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django import Settings

from billing.documents import files
from billing.documents.attaching import xml_of
from billing.documents.content import content
from billing.documents.facturx import Rows, WrongSums, fields
from billing.models import Document, DocumentFile
from tests.billing.facturx_cases import (
    BIC,
    CASES,
    NOWHERE,
    advanced_in_full,
    after_advance,
    corrected,
    discounted,
    to_business,
    to_public_body,
    under_franchise,
    with_damages,
)
from tests.billing.schematron import broken_rules
from tests.billing.test_kinds import invoice
from tests.factories.billing import make_customer, make_seller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
OUTSIDE = "hors du champ d’application de la TVA"


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_no_rule_of_en_16931_nor_of_france_is_broken(
    now: dt.datetime, case: Callable[[dt.datetime], Document]
) -> None:
    rows = Rows.of(case(now))
    assert (fields(rows)["BT-3"], fields(rows)["BT-23"]) == CASES[case]
    assert broken_rules(xml_of(rows)) == []


def test_both_schematrons_see_what_is_wrong(now: dt.datetime) -> None:
    xml = xml_of(Rows.of(to_business(now)))
    found = broken_rules(xml.replace(b">B2B<", b">B2X<").replace(b">36.00<", b">37.00<"))
    assert any(rule.startswith("EN 16931") for rule in found), found
    assert any(rule.startswith("BR-FR") for rule in found), found


def test_a_discount_is_said_by_rate_and_a_correction_names_what_it_corrects(now: dt.datetime) -> None:
    taken = fields(Rows.of(discounted(now)))["BG-20"]
    assert [(each["amount"], each["vat_rate"]) for each in taken] == [
        ("21.05", "20.00"),
        ("8.73", "10.00"),
        ("3.79", "5.50"),
    ]
    note = corrected(now)
    assert note.corrects is not None
    named = [{"BT-25": note.corrects.number, "BT-26": note.corrects.issued_on}]
    assert fields(Rows.of(note))["BG-3"] == named


def test_a_final_invoice_says_full_bases_what_was_advanced_and_what_is_left(now: dt.datetime) -> None:
    said = fields(Rows.of(after_advance(now)))
    assert [said[code] for code in ("BT-109", "BT-110", "BT-112", "BT-113", "BT-115")] == [
        "1200.00",
        "240.00",
        "1440.00",
        "432.00",
        "1008.00",
    ]


def test_what_the_advance_paid_in_full_asks_for_nothing(now: dt.datetime) -> None:
    document = advanced_in_full(now)
    said, printed = fields(Rows.of(document)), content(document)
    assert (said["BT-113"], said["BT-115"], said["BT-9"]) == ("1440.00", "0.00", document.issued_on)
    assert (said.get("BT-81"), document.due_on, printed["transfer"]) == (None, None, {})
    assert (printed["paid"], printed["dates"][2]["value"]) == ("Réglée en entier par l’acompte.", "acquittée")


def test_a_public_body_is_given_its_service_and_its_order(now: dt.datetime) -> None:
    said = fields(Rows.of(to_public_body(now)))
    assert (said["BT-10"], said["BT-13"]) == ("SVC-12", "EJ-2026-7")


def test_under_franchise_no_vat_number_is_said(now: dt.datetime) -> None:
    said = fields(Rows.of(under_franchise(now)))
    assert (said["BG-4"].get("vat_identifier"), said["BG-4"]["tax_identifier"]) == (None, "000000000")
    assert [(row["BT-118"], row["BT-117"], row["BT-121"]) for row in said["BG-23"]] == [
        ("E", "0.00", "VATEX-FR-FRANCHISE")
    ]


def test_our_own_check_sees_the_cents_that_the_schematron_lets_pass(now: dt.datetime) -> None:
    rows = Rows.of(to_business(now))
    xml = xml_of(rows)
    for old, new in ((b">6.00<", b">6.03<"), (b">36.00<", b">36.03<")):
        xml = xml.replace(old, new)
    assert broken_rules(xml) == []
    rows.vat[0].vat += D("0.03")
    rows.lines[0].amount_vat += D("0.03")
    rows.document.total_vat += D("0.03")
    rows.document.total_incl += D("0.03")
    with pytest.raises(WrongSums):
        fields(rows)


def test_the_schematron_of_the_library_is_never_asked(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: object, **_named: object) -> bool:
        raise AssertionError("it says yes where no server answers")

    for module in ("facturx.facturx", "facturx.generate_xml"):
        monkeypatch.setattr(sys.modules[module], "xml_check_schematron", refused)
    files.make_pdf(to_business(now), now=now)
    assert DocumentFile.objects.count() == 2


def test_names_that_neither_font_nor_xml_can_hold_do_not_stop_a_document(now: dt.datetime) -> None:
    customer = make_customer(None, terms_days=30, name="Zoé 🍎 山田\x0b&<Cie>", **NOWHERE)
    document = invoice(now, ("30.00", "20.00"), customer=customer)
    assert broken_rules(xml_of(Rows.of(document))) == []
    files.make_pdf(document, now=now)
    assert "Zoé 🍎 山田" in str(fields(Rows.of(document))["BG-7"]["name"])


def test_nothing_is_compiled_before_a_fork() -> None:
    code = (
        "import django; django.setup(); import billing.tasks; from cantine.celery import app; "
        "app.loader.import_default_modules(); from billing.documents import layout; "
        "assert not layout._mine.compilers"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cantine.settings"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)


def test_damages_are_outside_vat_with_their_reason_beside_what_is_taxed(now: dt.datetime) -> None:
    document = with_damages(now)
    said = fields(Rows.of(document))
    taxed, outside = said["BG-23"]
    assert (taxed["BT-118"], outside["BT-118"], outside["BT-119"]) == ("S", "E", "0.00")
    assert "BT-120" not in taxed
    assert OUTSIDE in outside["BT-120"]
    assert [line["BT-151"] for line in said["BG-25"]] == ["S", "E"]
    assert any(OUTSIDE in mention for mention in content(document)["mentions"])
    assert {"label": "TVA 0\u00a0% sur 80,00\u00a0€", "value": "0,00\u00a0€"} in content(document)["totals"]
    assert not any(OUTSIDE in mention for mention in content(to_business(now))["mentions"])


def test_the_account_to_pay_to_has_its_bic_where_the_seller_gave_one(now: dt.datetime) -> None:
    assert fields(Rows.of(with_damages(now)))["BT-86"] == BIC
    assert "BT-86" not in fields(Rows.of(to_business(now)))
    assert b"<ram:BICID>TESTFRPP</ram:BICID>" in xml_of(Rows.of(with_damages(now)))


def test_what_lacks_a_siren_is_a_pdf_without_data(now: dt.datetime, caplog: pytest.LogCaptureFixture) -> None:
    document = invoice(now, ("30.00", "20.00"), seller=make_seller(siren="", siret="", specimen=True))
    files.make_pdf(document, now=now)
    assert DocumentFile.objects.get().kind == "pdf"
    assert "its seller has no SIREN" in caplog.text


def test_a_file_made_before_stays_as_it_is(now: dt.datetime) -> None:
    document = to_business(now)
    files.make_pdf(document, now=now)
    before = set(DocumentFile.objects.values_list("kind", "sha256", "file"))
    files.make_pdf(document, now=now + dt.timedelta(hours=1))
    assert files.make_due(now) == 0
    assert set(DocumentFile.objects.values_list("kind", "sha256", "file")) == before
