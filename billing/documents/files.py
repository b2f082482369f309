"""The files of documents: made once, by Celery, in private storage; until then whoever needs one waits."""

import datetime as dt
import hashlib
import logging

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, prefetch_related_objects

from billing.documents.attaching import attached, xml_of
from billing.documents.facturx import Rows, lacking
from billing.documents.layout import printable_content, render
from billing.models import Document, DocumentFile
from members.messages import attachments
from members.messages.attachments import Attachment
from members.nudging import nudge

log = logging.getLogger(__name__)

SEND = "members.tasks.send_messages"
PDF = "application/pdf"
READ_ONCE = ("lines", "vat_rows", "deductions")
"""What the printed words and the data are both made from."""


def make_due(now: dt.datetime, limit: int = 100) -> int:
    """Make the files that are missing; one that fails waits for the next scan, its document stands."""
    has_file = DocumentFile.objects.filter(document=OuterRef("pk"), kind=DocumentFile.Kind.PDF)
    missing = Document.objects.filter(~Exists(has_file)).select_related("seller", "snapshot").order_by("pk")
    made = sum(_try_to_make(document, now) for document in missing.prefetch_related(*READ_ONCE)[:limit])
    if made:
        nudge(SEND)
    return made


def _try_to_make(document: Document, now: dt.datetime) -> bool:
    try:
        make_pdf(document, now=now)
    except Exception:  # whatever it is, payment and number stand, and the next scan tries again
        log.exception("The file of document %s could not be made", document.number)
        return False
    return True


def make_pdf(document: Document, *, now: dt.datetime) -> DocumentFile:
    """Process: lay a document out with its data inside, store both, then record them; of two that race, one
    pair is kept. Gives the PDF's row.
    """
    prefetch_related_objects([document], *READ_ONCE)
    rows = [
        _stored(document, kind, content, now=now) for kind, content in _written(document).items() if content
    ]
    with transaction.atomic():
        DocumentFile.objects.bulk_create(rows, ignore_conflicts=True)
    kept = {row.kind: row for row in DocumentFile.objects.filter(document=document)}
    for row in rows:
        if kept[row.kind].file.name != row.file.name:
            row.file.delete(save=False)
    return kept[DocumentFile.Kind.PDF]


def _written(document: Document) -> dict[str, bytes]:
    """Make a document's files; without what its data need, the PDF alone, and the log says why."""
    data = printable_content(document)
    pdf, rows = render(document, data), Rows.of(document)
    if reason := lacking(rows):
        log.warning("Document %s is a PDF without data: %s", document.number, reason)
        return {DocumentFile.Kind.PDF: pdf}
    xml = xml_of(rows)
    return {DocumentFile.Kind.XML: xml, DocumentFile.Kind.PDF: attached(pdf, xml, document, data)}


def _stored(document: Document, kind: str, content: bytes, *, now: dt.datetime) -> DocumentFile:
    row = DocumentFile(
        document=document,
        kind=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        made_at=now,
    )
    name = f"{document.seller.code}/{document.issued_on.year}/{document.number}.{kind}"
    row.file.save(name, ContentFile(content), save=False)
    return row


def load(reference: str) -> Attachment | None:
    """Give the attachment "document:17", or None until its file is made."""
    pdfs = DocumentFile.objects.filter(kind=DocumentFile.Kind.PDF).select_related("document")
    row = pdfs.filter(document_id=int(reference)).first()
    if row is None:
        return None
    with row.file.open("rb") as file:
        return Attachment(name=f"{row.document.number}.pdf", content=file.read(), mime=PDF)


def register() -> None:
    """Declare the attachment."""
    attachments.register("document", load)
