"""Working out again what documents say of themselves: totals, words, chain."""

from collections.abc import Iterator

from billing.chain import digest, link
from billing.documents.services import hashed_content
from billing.models import Document, DocumentSeries


def broken_documents(series: DocumentSeries) -> Iterator[Document]:
    """Walk a series and give each document whose place, words or hash are not what was issued.

    Words purged after ten years are not missed: the chain covers their SHA-256, which stays.
    """
    documents = (
        Document.objects.filter(series=series)
        .select_related("snapshot")
        .prefetch_related("lines", "vat_rows")
        .order_by("sequence")
    )
    previous, expected = "", 1
    for document in documents.iterator(chunk_size=500):
        if not _is_whole(document, previous, expected):
            yield document
        previous, expected = document.hash, document.sequence + 1


def _is_whole(document: Document, previous: str, expected: int) -> bool:
    lines = list(document.lines.all())
    vat_rows = sorted(document.vat_rows.all(), key=lambda row: -row.rate)
    snapshot = getattr(document, "snapshot", None)
    return (
        document.sequence == expected
        and document.previous_hash == previous
        and (snapshot is None or digest(snapshot.content) == document.snapshot_sha256)
        and document.hash == link(previous, hashed_content(document, lines, vat_rows))
    )
