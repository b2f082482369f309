"""The PDF of a document: PDF/A-3, our fonts only, made once; a failure leaves the number standing."""

import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import Error, transaction
from pytest_django import Settings

from billing.documents import files, layout
from billing.documents.content import content
from billing.documents.texts import glyphs_of, printable
from billing.models import Document, DocumentFile
from billing.settlement.services import accept_on_terms
from members.messages import attachments
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


def issue(now: dt.datetime, *, label: str = "Salle Essai", **customer: Any) -> Document:
    who = make_customer(**{"terms_days": 30, **customer})
    seller = make_seller()
    order = make_order(
        customer=who, seller=seller, lines=[new_line(make_product(seller), label=label)], now=now
    )
    document = accept_on_terms(order=order, by=person(who), now=now)
    assert document is not None
    return document


def fonts_of(pdf: pikepdf.Pdf) -> set[str]:
    return {
        str(each["/BaseFont"]).lstrip("/").split("+")[-1]
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
    }


def test_a_document_is_laid_out_as_pdf_a_with_our_fonts_only(now: dt.datetime) -> None:
    document = issue(now)
    made = layout.render(document)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert document.number in metadata["dc:title"]
        assert "/OutputIntents" in pdf.Root
        names = fonts_of(pdf)
    assert names
    assert all(name.startswith(("Figtree", "BricolageGrotesque")) for name in names), names
    assert layout.render(document) == made


def test_what_is_printed_says_what_the_law_asks(now: dt.datetime) -> None:
    document = issue(now, siren="732829320", name="Coopérative des Nuages bas")
    printed = content(document)
    assert printed["number"] == document.number
    assert printed["buyer"]["name"] == "Coopérative des Nuages bas"
    assert "SIREN 732\u00a0829\u00a0320" in printed["buyer"]["rows"]
    assert [row["value"] for row in printed["totals"]] == ["30,00\u00a0€", "6,00\u00a0€", "36,00\u00a0€"]
    assert printed["totals"][1]["label"] == "TVA 20\u00a0% sur 30,00\u00a0€"
    assert any("40" in mention for mention in printed["mentions"])
    assert printed["specimen"] == ""


def test_names_that_no_font_of_ours_can_print_do_not_stop_a_document(now: dt.datetime) -> None:
    document = issue(now, label="Salle 🍎 #set page()", name="Ǆémie 山田 \u202fEssai")
    assert layout.render(document).startswith(b"%PDF")


def test_a_text_is_cleaned_letter_by_letter() -> None:
    glyphs = glyphs_of(*layout.font_files())
    assert printable("Été à Rouen, 9\u202fh", glyphs).replace("\u00a0", "\u202f") == "Été à Rouen, 9\u202fh"
    assert printable("山a🍎b\x00", glyphs) == "?ab"
    assert printable("ﬁn", glyphs) == "fin"


def test_a_file_is_made_once_and_its_message_waits_for_it(now: dt.datetime) -> None:
    document = issue(now)
    with pytest.raises(attachments.NotReady):
        attachments.load([f"document:{document.pk}"])
    assert files.make_due(now) == 1
    assert files.make_due(now) == 0
    row = DocumentFile.objects.get(kind="pdf")
    attached = attachments.load([f"document:{document.pk}"])[0]
    assert hashlib.sha256(attached.content).hexdigest() == row.sha256
    assert (attached.name, attached.mime, len(attached.content)) == (
        f"{document.number}.pdf",
        "application/pdf",
        row.size,
    )


def test_two_workers_that_race_keep_one_file(now: dt.datetime, tmp_path: Path) -> None:
    document = issue(now)
    first = files.make_pdf(document, now=now)
    assert files.make_pdf(document, now=now) == first
    assert len(list(tmp_path.rglob("*.pdf"))) == 1


def test_case_18_a_pdf_that_fails_leaves_the_number_and_comes_later(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = issue(now), issue(now)
    template = layout.TEMPLATE
    monkeypatch.setattr(layout, "TEMPLATE", template.with_name("nothing.typ"))
    layout._mine.compilers.clear()
    assert files.make_due(now) == 0
    assert Document.objects.filter(pk__in=[broken.pk, whole.pk]).count() == 2
    assert not DocumentFile.objects.exists()
    monkeypatch.setattr(layout, "TEMPLATE", template)
    layout._mine.compilers.clear()
    assert files.make_due(now) == 2


def test_a_file_refuses_every_change(now: dt.datetime) -> None:
    files.make_pdf(issue(now), now=now)
    with pytest.raises(Error), transaction.atomic():
        DocumentFile.objects.update(sha256="0")
    with pytest.raises(Error), transaction.atomic():
        DocumentFile.objects.all().delete()
    assert DocumentFile.objects.exclude(sha256="0").count() == 2
