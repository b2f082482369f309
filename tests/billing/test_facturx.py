"""Documents as data: Factur-X EN 16931, without an error in either Schematron, inside a sound PDF/A-3."""

import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import facturx
import pikepdf
import pytest
from django.db import transaction
from lxml import etree  # type: ignore[import-untyped]  # it has no stubs
from pytest_django import Settings

from billing.documents import files
from billing.documents.attaching import xml_of
from billing.documents.facturx import Rows, WrongSums, fields
from billing.documents.services import Discount, issue_credit_note, issue_invoice
from billing.models import Customer, Document, DocumentFile
from billing.settlement.services import take_at_desk
from tests.billing.schematron import broken_rules
from tests.billing.test_kinds import V1, advance, final, invoice
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
NOWHERE = {"address": "1, rue de l’Exemple", "postcode": "76000", "city": "Rouen"}
IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


def buyer(kind: str, **more: str) -> Customer:
    numbers = {"siren": "732829320", "vat_number": "FR44732829320"} if kind != "consumer" else {}
    return make_customer(None, terms_days=30, buyer=kind, **numbers, **NOWHERE, **more)


def to_consumer(now: dt.datetime) -> Document:
    return invoice(now, ("30.00", "20.00"), customer=buyer("consumer"))


def to_business(now: dt.datetime) -> Document:
    seller = make_seller(iban=IBAN)
    return invoice(now, ("30.00", "20.00"), customer=buyer("business"), seller=seller)


def to_public_body(now: dt.datetime) -> Document:
    customer = buyer("public", service_code="SVC-12")
    order = make_order(customer=customer, seller=make_seller(iban=IBAN), now=now)
    order.purchase_order = "EJ-2026-7"
    order.save()
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def of_advance(now: dt.datetime) -> Document:
    return advance(now, customer=buyer("business"))


def after_advance(now: dt.datetime) -> Document:
    return final(now, [of_advance(now)])


def corrected(now: dt.datetime) -> Document:
    document = to_business(now)
    with transaction.atomic():
        return issue_credit_note(document, {document.lines.get(): D("12.00")}, now=now)


def at_several_rates(now: dt.datetime) -> Document:
    return invoice(now, *V1, customer=buyer("business"))


def discounted(now: dt.datetime) -> Document:
    return invoice(now, *V1, customer=buyer("business"), discount=Discount(D("33.57"), "Remise de 10 %"))


def under_franchise(now: dt.datetime) -> Document:
    seller = make_seller(vat_regime="franchise")
    return invoice(now, ("184.20", "20.00"), customer=buyer("business"), seller=seller)


def to_association_without_siren(now: dt.datetime) -> Document:
    return invoice(now, ("30.00", "20.00"), customer=make_customer(terms_days=30, buyer="association"))


def of_exempt_seller(now: dt.datetime) -> Document:
    return invoice(
        now, ("30.00", "20.00"), customer=buyer("business"), seller=make_seller(vat_regime="exempt")
    )


def for_no_day_in_particular(now: dt.datetime) -> Document:
    seller = make_seller()
    lines = [new_line(make_product(seller), supplied_on=None)]
    order = make_order(customer=buyer("business"), seller=seller, lines=lines, now=now)
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now)


def paid_at_once(now: dt.datetime) -> Document:
    order = make_order(customer=buyer("consumer"), now=now)
    take_at_desk(order=order, method="terminal", by=make_user(role="manager"), now=now)
    return order.documents.get()


CASES: dict[Callable[[dt.datetime], Document], tuple[str, str]] = {
    to_consumer: ("380", "S1"),
    to_business: ("380", "S1"),
    to_public_body: ("380", "S1"),
    of_advance: ("386", "S1"),
    after_advance: ("380", "S4"),
    corrected: ("381", "S1"),
    at_several_rates: ("380", "S1"),
    discounted: ("380", "S1"),
    under_franchise: ("380", "S1"),
    to_association_without_siren: ("380", "S1"),
    of_exempt_seller: ("380", "S1"),
    for_no_day_in_particular: ("380", "S1"),
    paid_at_once: ("380", "S2"),
}


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


def test_what_lacks_a_siren_is_a_pdf_without_data(now: dt.datetime, caplog: pytest.LogCaptureFixture) -> None:
    document = invoice(now, ("30.00", "20.00"), seller=make_seller(siren="", siret=""))
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


def test_the_pdf_is_sound_and_carries_the_very_data_stored_beside_it(now: dt.datetime) -> None:
    document = to_business(now)
    kept = files.make_pdf(document, now=now)
    xml = DocumentFile.objects.get(document=document, kind="xml")
    content, data = kept.file.read(), xml.file.read()
    assert (hashlib.sha256(content).hexdigest(), hashlib.sha256(data).hexdigest()) == (
        kept.sha256,
        xml.sha256,
    )
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not pdf.is_encrypted
        assert "/OutputIntents" in pdf.Root
        attached = pdf.Root.AF[0]
        assert (str(attached.AFRelationship), str(attached.UF)) == ("/Alternative", "factur-x.xml")
        assert list(pdf.attachments) == ["factur-x.xml"]
        assert pdf.attachments["factur-x.xml"].get_file().read_bytes() == data
        assert len(pdf.trailer.ID) == 2
        _check_metadata(pdf)
        _check_fonts(pdf)
    assert facturx.get_level(etree.fromstring(data)) == "en16931"


def _check_metadata(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "B")
        space = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
        assert [said[space + name] for name in ("DocumentType", "DocumentFileName", "Version")] == [
            "INVOICE",
            "factur-x.xml",
            "1.0",
        ]
        assert said[space + "ConformanceLevel"] == "EN 16931"
        for name, tag in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
            noted = pikepdf.models.metadata.decode_pdf_date(str(pdf.docinfo[name]))
            assert noted == dt.datetime.fromisoformat(str(said[tag]))
    assert b"pdfaExtension:schemas" in pdf.Root.Metadata.read_bytes()


def _check_fonts(pdf: pikepdf.Pdf) -> None:
    described = [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]
    assert described
    for each in described:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()), each.get("/FontName")
