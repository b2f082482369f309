"""The PDF of every sort of document: a sound PDF/A-3 that carries the very data stored beside it."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import facturx
import pikepdf
import pytest
from lxml import etree  # type: ignore[import-untyped]  # it has no stubs
from pytest_django import Settings

from billing.documents import files
from billing.models import Document, DocumentFile
from tests.billing.facturx_cases import NINE, after_advance, corrected, to_consumer, with_damages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


EACH_KIND = (to_consumer, corrected, after_advance, with_damages)
OTHERS = [pytest.param(case, marks=pytest.mark.soak) for case in NINE if case not in EACH_KIND]


@pytest.mark.parametrize("case", [*EACH_KIND, *OTHERS], ids=lambda case: case.__name__)
def test_the_pdf_is_sound_and_carries_the_very_data_stored_beside_it(
    now: dt.datetime, case: Callable[[dt.datetime], Document]
) -> None:
    document = case(now)
    kept = files.make_pdf(document, now=now)
    xml = DocumentFile.objects.get(document=document, kind="xml")
    pdf_bytes, data = kept.file.read(), xml.file.read()
    assert (hashlib.sha256(pdf_bytes).hexdigest(), hashlib.sha256(data).hexdigest()) == (
        kept.sha256,
        xml.sha256,
    )
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
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
