"""The original is handed out once, to the buyer; who asks again has a duplicate; the file stands."""

import datetime as dt
import hashlib
import io
from pathlib import Path

import pikepdf
import pytest
from django.db import Error, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from billing.documents import files
from billing.documents.duplicate import duplicate
from billing.models import Document, DocumentFile, DocumentHandover
from tests.billing.facturx_cases import to_consumer
from tests.factories.billing import person
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


def made(now: dt.datetime) -> tuple[Document, DocumentFile]:
    document = to_consumer(now)
    return document, files.make_pdf(document, now=now)


def taken(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue()


def test_who_asks_again_has_a_duplicate(client: Client, now: dt.datetime) -> None:
    document, kept = made(now)
    client.force_login(person(document.customer))
    assert client.head(document.get_absolute_url()).status_code == 200
    first, second = (taken(client, document.get_absolute_url()) for _ in range(2))
    assert hashlib.sha256(first).hexdigest() == kept.sha256
    assert second != first
    assert list(DocumentHandover.objects.values_list("original", flat=True)) == [True, False]
    with kept.file.open("rb") as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == kept.sha256


def test_the_manager_takes_a_duplicate_and_leaves_the_original_to_the_buyer(
    client: Client, now: dt.datetime
) -> None:
    document, kept = made(now)
    manager = make_user(role="manager")
    client.force_login(manager)
    copy = taken(client, reverse("admin:billing_document_pdf", args=[document.pk]))
    assert hashlib.sha256(copy).hexdigest() != kept.sha256
    client.force_login(person(document.customer))
    assert hashlib.sha256(taken(client, document.get_absolute_url())).hexdigest() == kept.sha256
    noted = DocumentHandover.objects.values_list("original", "by")
    assert list(noted) == [(False, manager.pk), (True, person(document.customer).pk)]


def test_a_duplicate_is_still_sound_and_carries_the_same_data(now: dt.datetime) -> None:
    document, kept = made(now)
    content = kept.file.read()
    with (
        pikepdf.open(io.BytesIO(content)) as original,
        pikepdf.open(io.BytesIO(duplicate(content, document.language))) as copy,
    ):
        assert len(copy.pages) == len(original.pages)
        assert "/OutputIntents" in copy.Root
        assert copy.Root.Metadata.read_bytes() == original.Root.Metadata.read_bytes()
        names = list(original.attachments)
        assert names == list(copy.attachments) == ["factur-x.xml"]
        assert (
            copy.attachments[names[0]].get_file().read_bytes()
            == original.attachments[names[0]].get_file().read_bytes()
        )
        assert not copy.is_encrypted
        assert len(copy.trailer.ID) == 2
        assert copy.pages[0].Resources.Font.keys() == original.pages[0].Resources.Font.keys()


def test_the_log_of_what_was_handed_out_stands(client: Client, now: dt.datetime) -> None:
    document, _kept = made(now)
    client.force_login(person(document.customer))
    taken(client, document.get_absolute_url())
    with pytest.raises(Error), transaction.atomic():
        DocumentHandover.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentHandover.objects.create(
            document=document, original=True, by=person(document.customer), at=now
        )
    assert DocumentHandover.objects.get().original
