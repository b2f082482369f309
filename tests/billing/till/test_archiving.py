"""An archive holds its period, opens to anyone with the key, and is refused once a byte of it is another."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from billing.chain import canonical, digest, link, sign
from billing.errors import ArchiveNotWhole
from billing.models import Document, Seller, TillArchive, TillClosing
from billing.till.archiving import archive_due, make_archive, packed, read_lines
from billing.till.closing import close_due
from billing.till.opening_archives import is_as_made, verify_archive
from tests.billing.till.test_closing import at, give_back, take
from tests.factories.billing import make_seller
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 24)
AFTER = at(dt.date(2027, 1, 1), 1)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seller]:
    """A seller that took and gave back, whose year is closed."""
    with lasting(django_db_blocker):
        seller = make_seller()
        paid = take(seller, at(DAY))
        give_back(paid, "6.00", at(DAY, 11))
        take(seller, at(dt.date(2026, 12, 1)))
        close_due(AFTER)
        yield seller


@pytest.fixture
def month(lived: Seller) -> TillClosing:
    """November, closed, with a payment, a refund and their documents."""
    return TillClosing.objects.select_related("seller").get(seller=lived, kind="month", first_day=DAY)


def content_of(archive: TillArchive) -> bytes:
    with archive.file.open("rb") as stored:
        content: bytes = stored.read()
    return content


def test_an_archive_holds_its_period_and_nothing_else_says_no_name_and_is_always_the_same(
    month: TillClosing,
) -> None:
    archive = make_archive(closing=month, by=None, now=AFTER)
    content = content_of(archive)
    assert make_archive(closing=month, by=None, now=AFTER) == archive
    assert (is_as_made(archive), packed(month)) == (True, content)
    manifest = verify_archive(io.BytesIO(content))
    assert manifest["period"]["last_day"] == "2026-11-30"
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        rows = {name: list(read_lines(files.read(name))) for name in files.namelist() if "jsonl" in name}
    assert [row["content"]["amount"] for row in rows["payment_events.jsonl"]] == ["36.00", "6.00"]
    issued = Document.objects.filter(seller=month.seller, issued_on=DAY)
    assert [row["hash"] for row in rows["documents.jsonl"]] == list(issued.values_list("hash", flat=True))
    assert len(rows["closings.jsonl"]) == 7 + 1
    said = b"".join(canonical(row) for each in rows.values() for row in each).decode()
    assert all(payer.customer.email not in said for payer in [issued.get()])


def test_years_are_archived_by_themselves_once(month: TillClosing) -> None:
    assert (archive_due(AFTER), archive_due(AFTER)) == (1, 0)
    assert TillArchive.objects.get().closing.kind == "year"


Files = dict[str, bytes]


def drop_a_line(files: Files) -> None:
    files["payment_events.jsonl"] = files["payment_events.jsonl"].split(b"\n", 1)[1]


def change_and_hash_anew(files: Files) -> None:
    """As a thief who knows the format, but has not the key."""
    rows = list(read_lines(files["payment_events.jsonl"]))
    rows[0]["content"]["amount"] = "1.00"
    rows[0]["hash"] = link(rows[0]["previous_hash"], rows[0]["content"])
    files["payment_events.jsonl"] = b"".join(canonical(row) + b"\n" for row in rows)


def sign_with_another_key(files: Files) -> None:
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    manifest.pop("signature")
    files["manifest.json"] = canonical({**manifest, "signature": sign(digest(manifest), "another")})


@pytest.mark.parametrize(
    "tamper",
    [
        drop_a_line,
        change_and_hash_anew,
        sign_with_another_key,
        lambda files: files.pop("technical_log.jsonl"),
        lambda files: files.update(more=b""),
        lambda files: files.pop("manifest.json"),
    ],
)
def test_an_archive_that_was_tampered_with_is_refused(
    month: TillClosing, tamper: Callable[[Files], object], tmp_path: Any
) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(month))) as read:
        files = {name: read.read(name) for name in read.namelist()}
    whole, other = tmp_path / "whole.zip", tmp_path / "other.zip"
    whole.write_bytes(packed(month))
    call_command("verify_archive", str(whole))
    tamper(files)
    with zipfile.ZipFile(other, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    with pytest.raises(ArchiveNotWhole):
        verify_archive(other)
    with pytest.raises(CommandError):
        call_command("verify_archive", str(other))
