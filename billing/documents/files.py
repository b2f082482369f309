"""The files of documents: made once, by Celery, in private storage; until then whoever needs one waits."""

import datetime as dt
import hashlib
import logging

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from billing.documents.layout import render
from billing.models import Document, DocumentFile
from members.messages import attachments
from members.messages.attachments import Attachment
from members.nudging import nudge

log = logging.getLogger(__name__)

SEND = "members.tasks.send_messages"
PDF = "application/pdf"


def make_due(now: dt.datetime, limit: int = 100) -> int:
    """Make the files that are missing; one that fails waits for the next scan, its document stands."""
    has_file = DocumentFile.objects.filter(document=OuterRef("pk"), kind=DocumentFile.Kind.PDF)
    missing = Document.objects.filter(~Exists(has_file)).select_related("seller", "snapshot").order_by("pk")
    made = sum(_try_to_make(document, now) for document in missing[:limit])
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
    """Process: lay a document out, store the file, then record it; of two that race, one file is kept."""
    content = render(document)
    row = DocumentFile(
        document=document, sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=now
    )
    name = f"{document.seller.code}/{document.issued_on.year}/{document.number}.pdf"
    row.file.save(name, ContentFile(content), save=False)
    with transaction.atomic():
        DocumentFile.objects.bulk_create([row], ignore_conflicts=True)
    kept = DocumentFile.objects.get(document=document, kind=DocumentFile.Kind.PDF)
    if kept.file.name != row.file.name:
        row.file.delete(save=False)
    return kept


def load(reference: str) -> Attachment | None:
    """Give the attachment "document:17", or None until its file is made."""
    row = DocumentFile.objects.select_related("document").filter(document_id=int(reference)).first()
    if row is None:
        return None
    with row.file.open("rb") as file:
        return Attachment(name=f"{row.document.number}.pdf", content=file.read(), mime=PDF)


def register() -> None:
    """Declare the attachment."""
    attachments.register("document", load)
