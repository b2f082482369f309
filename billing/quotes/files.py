"""The PDF of quotes: made once, by Celery, after sending; the message that carries it waits."""

import datetime as dt
import hashlib
import logging

from django.core.files.base import ContentFile
from django.db import transaction

from billing.documents.files import PDF, SEND
from billing.documents.layout import TEMPLATE, laid_out, printable_texts
from billing.models import Quote, QuoteFile
from billing.quotes.printing import printed
from members.messages import attachments
from members.messages.attachments import Attachment
from members.nudging import nudge

log = logging.getLogger(__name__)

QUOTE = TEMPLATE.with_name("quote.typ")


def make_due(now: dt.datetime, limit: int = 100) -> int:
    """Make the files that are missing; one that fails waits for the next scan, its quote stands."""
    missing = Quote.objects.without_file().select_related("seller").prefetch_related("lines")
    made = sum(_try_to_make(quote, now) for quote in missing[:limit])
    if made:
        nudge(SEND)
    return made


def _try_to_make(quote: Quote, now: dt.datetime) -> bool:
    try:
        make_pdf(quote, now=now)
    except Exception:  # whatever it is, the next scan tries again
        log.exception("The file of quote %s could not be made", quote)
        return False
    return True


def make_pdf(quote: Quote, *, now: dt.datetime) -> QuoteFile:
    """Process: lay a quote out, store it, then record it; of two that race, one is kept."""
    content = laid_out(QUOTE, printable_texts(printed(quote)), at=quote.sent_at or now)
    row = QuoteFile(quote=quote, sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=now)
    name = f"{quote.seller.code}/{quote.number}.pdf"
    row.file.save(name, ContentFile(content), save=False)
    with transaction.atomic():
        QuoteFile.objects.bulk_create([row], ignore_conflicts=True)
    kept = QuoteFile.objects.get(quote=quote)
    if kept.file.name != row.file.name:
        row.file.delete(save=False)
    return kept


def load(reference: str) -> Attachment | None:
    """Give the attachment "quote:17", or None until its file is made."""
    row = QuoteFile.objects.select_related("quote").filter(quote_id=int(reference)).first()
    if row is None:
        return None
    with row.file.open("rb") as file:
        return Attachment(name=f"{row.quote.number}.pdf", content=file.read(), mime=PDF)


def register() -> None:
    """Declare the attachment."""
    attachments.register("quote", load)
