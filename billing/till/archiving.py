"""A closed period as a file: what was recorded, line by line, and a signed manifest over all of it.

The same period always gives the same bytes: nothing in it says when or by whom the file was made (its row
does). No name is inside, only codes, amounts and keys.
"""

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import prefetch_related_objects

from billing.chain import canonical, digest, key_name, sign
from billing.documents.issuing import hashed_content
from billing.models import Document, PaymentEvent, Seller, TillArchive, TillClosing
from billing.payments import ledger
from billing.till.closing import content_of
from billing.till.journal import entries
from members.models import User
from members.transactions import own_transaction

FORMAT = 1
MANIFEST = "manifest.json"
BATCH = 500


@own_transaction
def make_archive(*, closing: TillClosing, by: User | None, now: dt.datetime) -> TillArchive:
    """Make the archive of a closed period, or give the one that was made."""
    TillClosing.objects.select_for_update(no_key=True, of=("self",)).get(pk=closing.pk)
    made = TillArchive.objects.filter(closing=closing).first()
    if made is not None:
        return made
    content = packed(closing)
    row = TillArchive(
        closing=closing,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        signed_with=key_name(settings.SIGNING_KEY),
        made_at=now,
        made_by=by,
    )
    row.file.save(f"{closing.seller.code}/{name_of(closing)}", ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def archive_due(now: dt.datetime) -> int:
    """Process: make the archive of each year that was closed; return how many."""
    due = TillClosing.objects.filter(kind=TillClosing.Kind.YEAR, archive=None).select_related("seller")
    return sum(bool(make_archive(closing=closing, by=None, now=now)) for closing in due.order_by("pk"))


def name_of(closing: TillClosing) -> str:
    """The name of the file: whose till, which period."""
    sizes = {TillClosing.Kind.DAY: 10, TillClosing.Kind.MONTH: 7, TillClosing.Kind.YEAR: 4}
    period = closing.first_day.isoformat()[: sizes[TillClosing.Kind(closing.kind)]]
    return f"caisse-{closing.seller.code}-{period}.zip"


def packed(closing: TillClosing) -> bytes:
    """The bytes of an archive."""
    seller = closing.seller
    files = {
        "closings.jsonl": _lines(_closings(closing)),
        "payment_events.jsonl": _lines(_events(closing)),
        "documents.jsonl": _lines(_documents(closing)),
        "technical_log.jsonl": _lines(_technical(closing)),
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "seller": {"key": seller.pk, "code": seller.code, "siren": seller.siren},
        "specimen": closing.specimen,
        "period": {
            "kind": str(closing.kind),
            "first_day": closing.first_day,
            "last_day": closing.last_day,
            "starts_at": closing.starts_at,
            "ends_at": closing.ends_at,
        },
        "ends": _ends(closing),
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "lines": content.count(b"\n")}
            for name, content in files.items()
        },
    }
    manifest["signature"] = sign(digest(manifest), settings.SIGNING_KEY)
    return _zipped({**files, MANIFEST: canonical(manifest) + b"\n"}, closing.last_day)


def _ends(closing: TillClosing) -> dict[str, Any]:
    """Where the chains stand at the end of the period."""
    series = (
        Document.objects.filter(seller=closing.seller, issued_on__lte=closing.last_day)
        .order_by("series_id", "-sequence")
        .distinct("series_id")
        .values_list("number", "hash")
    )
    last = PaymentEvent.objects.filter(seller=closing.seller, at__lt=closing.ends_at).order_by("-sequence")
    end = last.values_list("sequence", "hash").first()
    return {
        "closing": closing.hash,
        "payment_events": list(end) if end else None,
        "documents": dict(series),
    }


def _closings(closing: TillClosing) -> Iterator[dict[str, Any]]:
    rows = TillClosing.objects.filter(
        seller=closing.seller, first_day__gte=closing.first_day, last_day__lte=closing.last_day
    )
    wanted = [TillClosing.Kind.DAY, TillClosing.Kind.MONTH, TillClosing.Kind.YEAR]
    inside = wanted[: wanted.index(TillClosing.Kind(closing.kind)) + 1]
    for row in rows.filter(kind__in=inside).order_by("kind", "number"):
        yield _sealed(content_of(row), row.previous_hash, row.hash, row.signature)


def _events(closing: TillClosing) -> Iterator[dict[str, Any]]:
    rows = PaymentEvent.objects.filter(
        seller=closing.seller, at__gte=closing.starts_at, at__lt=closing.ends_at
    )
    for row in rows.order_by("sequence").iterator(BATCH):
        yield _sealed(ledger.content_of(row), row.previous_hash, row.hash, row.signature)


def _documents(closing: TillClosing) -> Iterator[dict[str, Any]]:
    rows = Document.objects.filter(
        seller=closing.seller, issued_on__range=(closing.first_day, closing.last_day)
    ).order_by("series", "sequence")
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = list(rows.filter(pk__in=keys[start : start + BATCH]))
        prefetch_related_objects(batch, "lines", "vat_rows", "deductions")
        for row in batch:
            content = hashed_content(
                row, list(row.lines.all()), list(row.vat_rows.all()), list(row.deductions.all())
            )
            yield _sealed(content, row.previous_hash, row.hash)


def _technical(closing: TillClosing) -> Iterable[Mapping[str, Any]]:
    sellers = Seller.objects.filter(pk=closing.seller_id)
    return entries(sellers=sellers, start=closing.starts_at, end=closing.ends_at).reverse()


def _sealed(content: dict[str, Any], previous: str, hash_: str, signature: str = "") -> dict[str, Any]:
    seal = {"previous_hash": previous, "hash": hash_}
    return {"content": content, **seal, **({"signature": signature} if signature else {})}


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(canonical(row) + b"\n" for row in rows)


def _zipped(files: Mapping[str, bytes], day: dt.date) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(info, content)
    return written.getvalue()


def read_lines(content: bytes) -> Iterator[dict[str, Any]]:
    """Read the lines of one of an archive's files."""
    for line in content.splitlines():
        yield json.loads(line)
