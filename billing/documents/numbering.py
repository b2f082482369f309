"""Numbers without a gap, and the chain of hashes, one series per seller, kind and year."""

import datetime as dt
from dataclasses import dataclass

from billing.models import DocumentKind, DocumentSeries, Seller
from billing.payments.ledger import lock_chain
from billing.sellers import issues_specimens
from members.transactions import require_transaction

PREFIXES = {
    DocumentKind.INVOICE: "FA",
    DocumentKind.ADVANCE: "AC",
    DocumentKind.FINAL: "FS",
    DocumentKind.CREDIT_NOTE: "AV",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A document's place: what the next number is, and what comes before it."""

    series: DocumentSeries
    sequence: int
    number: str
    issued_on: dt.date
    previous_hash: str


def take_place(*, seller: Seller, kind: DocumentKind, now: dt.datetime) -> Place:
    """Step: lock the seller's chain, then the series, last of all locks, and read what comes next.

    The date is the latest of today at the seller, the series' last date and the first day that the till has
    not closed: the chain's lock says which, and holds it. A rollback leaves no hole, for the
    number is only kept by `keep_place`, in the same transaction.
    """
    require_transaction()
    today, closed_on = seller.today(now), lock_chain(seller).closed_on
    if closed_on is not None:
        today = max(today, closed_on + dt.timedelta(days=1))
    specimen = issues_specimens(seller)
    where = {"seller": seller, "kind": kind, "year": today.year, "specimen": specimen}
    locked = DocumentSeries.objects.select_for_update(of=("self",), no_key=True)
    series = locked.filter(**where).first()
    if series is None:
        DocumentSeries.objects.bulk_create([DocumentSeries(**where)], ignore_conflicts=True)
        series = locked.get(**where)
    sequence = series.last_sequence + 1
    return Place(
        series=series,
        sequence=sequence,
        number=number_for(kind, today.year, sequence, specimen=specimen),
        issued_on=max(today, series.last_date or today),
        previous_hash=series.last_hash,
    )


def number_for(kind: DocumentKind, year: int, sequence: int, *, specimen: bool) -> str:
    """Write a number: FA-2026-00001, AC-2026-00001 (acompte), FS- (solde), AV- (avoir), SPECIMEN-FA-…"""
    number = f"{PREFIXES[kind]}-{year}-{sequence:05d}"
    return f"SPECIMEN-{number}" if specimen else number


def keep_place(place: Place, *, digest: str) -> None:
    """Step: record that `place` is taken by the document whose hash is `digest`."""
    series = place.series
    series.last_sequence, series.last_date, series.last_hash = place.sequence, place.issued_on, digest
    series.save(update_fields=["last_sequence", "last_date", "last_hash"])
