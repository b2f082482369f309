"""Handing documents out: the first file the buyer takes is the original, every other one is a duplicate."""

import datetime as dt
import io
from typing import IO, Any

from billing.documents.duplicate import duplicate
from billing.models import Customer, Document, DocumentFile, DocumentHandover
from members.models import User
from members.transactions import own_transaction


@own_transaction
def note_handover(*, document: Document, by: User, now: dt.datetime) -> bool:
    """Note that `by` takes the PDF of `document`; gives whether it is the original.

    The original is the buyer's, and is handed out once: whoever runs the place takes duplicates.
    """
    if Customer.objects.payable_by(by).filter(pk=document.customer_id).exists():
        _row, is_original = DocumentHandover.objects.get_or_create(
            document=document, original=True, defaults={"by": by, "at": now}
        )
        if is_original:
            return True
    DocumentHandover.objects.create(document=document, original=False, by=by, at=now)
    return False


def handed_out(made: DocumentFile, *, by: User, now: dt.datetime) -> IO[Any]:
    """Open what `by` is given: the file as it was made, or its copy marked DUPLICATA; either is noted."""
    if note_handover(document=made.document, by=by, now=now):
        opened: IO[Any] = made.file.open("rb").file
        return opened
    return copy_of(made)


def copy_of(made: DocumentFile) -> IO[Any]:
    """Open the copy marked DUPLICATA, for who reads with a private link: the original went out by e-mail."""
    with made.file.open("rb") as file:
        return io.BytesIO(duplicate(file.read(), made.document.language))
