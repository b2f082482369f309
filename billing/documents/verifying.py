"""Checking that what was issued is still what was issued: numbers without a gap, hashes, words, sums."""

from collections.abc import Iterator

from django.db.models import prefetch_related_objects

from billing.chain import digest, link
from billing.documents.issuing import hashed_content
from billing.documents.numbering import number_for
from billing.models import Document, DocumentKind, DocumentSeries

BATCH = 500


def broken_documents(series: DocumentSeries) -> Iterator[Document]:
    """Walk a series and give each document whose number, hash, words or sums are wrong."""
    previous, expected = "", 1
    documents = series.documents.select_related("snapshot").order_by("sequence")
    for start in range(0, series.last_sequence + 1, BATCH):
        batch = list(documents[start : start + BATCH])
        prefetch_related_objects(batch, "lines", "vat_rows", "deductions")
        for document in batch:
            if not _is_whole(document, series, expected, previous):
                yield document
            previous, expected = document.hash, document.sequence + 1


def _is_whole(document: Document, series: DocumentSeries, expected: int, previous: str) -> bool:
    lines, rows = list(document.lines.all()), list(document.vat_rows.all())
    deductions = list(document.deductions.all())
    number = number_for(DocumentKind(series.kind), series.year, expected, specimen=series.specimen)
    snapshot = getattr(document, "snapshot", None)  # may be purged after ten years; the hash stays
    return (
        document.sequence == expected
        and document.number == number
        and document.previous_hash == previous
        and document.hash == link(previous, hashed_content(document, lines, rows, deductions))
        and (snapshot is None or digest(snapshot.content) == document.snapshot_sha256)
        and sum(row.vat for row in rows) == document.total_vat == sum(line.amount_vat for line in lines)
        and sum(row.base for row in rows) == document.total_excl == sum(line.amount_excl for line in lines)
    )
