"""The copy of all someone's data: asked for once a day, made by the worker, fetched for a week."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files import File as Stored
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members import personal_data
from members.errors_privacy import AskedToday
from members.messages import owing
from members.models import DataRequest, User
from members.nudging import nudge_once_committed
from members.periods import PERIODS
from members.rows import Encoder
from members.transactions import own_transaction, refuse_transaction

log = logging.getLogger(__name__)

TASK = "members.tasks.make_copies"
KEPT = PERIODS["exports"]
LEASE = timedelta(minutes=30)
"""How long a worker keeps a request to itself; one that was killed leaves it to the next after that."""


@own_transaction
def ask_for_copy(*, user: User, now: datetime) -> DataRequest:
    """Ask for a copy of all that is known of `user`; raises `AskedToday` the second time in a day."""
    today = timezone.localdate(now)
    try:
        with transaction.atomic():
            asked = DataRequest.objects.create(user=user, asked_on=today, asked_at=now, next_try_at=now)
    except IntegrityError:  # data_are_asked_once_a_day
        raise AskedToday from None
    nudge_once_committed(TASK)
    return asked


def make_due(now: datetime, limit: int = 10) -> int:
    """Process: make the files that are asked for; says how many. One that fails waits for the next try."""
    refuse_transaction()
    made = 0
    for _each in range(limit):
        request = _take(now)
        if request is None:
            break
        try:
            made += _make(request, now=now)
        except Exception:  # whatever it is, the next try comes when the lease is over
            log.exception("The copy of data %s could not be made", request.pk)
    return made


@transaction.atomic
def _take(now: datetime) -> DataRequest | None:
    rows = DataRequest.objects.to_make(now).select_for_update(skip_locked=True, of=("self",))
    request = rows.select_related("user").first()
    if request is not None:
        request.next_try_at = now + LEASE
        request.save(update_fields=["next_try_at"])
    return request


def _make(request: DataRequest, *, now: datetime) -> bool:
    with TemporaryFile() as file:
        with translation.override(request.user.language):
            write(request.user, file, now=now)
        size = file.tell()
        file.seek(0)
        default_storage.delete(request.path)  # what a killed worker may have left
        default_storage.save(request.path, Stored(file))
    if _record(request, size=size, now=now):
        return True
    default_storage.delete(request.path)  # the account came to its end meanwhile
    return False


@own_transaction
def _record(request: DataRequest, *, size: int, now: datetime) -> bool:
    mine = DataRequest.objects.filter(pk=request.pk, state=DataRequest.State.ASKED)
    if not mine.update(state=DataRequest.State.READY, size=size, made_at=now, expires_at=now + KEPT):
        return False
    owing.owe(
        owing.letter(
            to=request.user.email,
            template="privacy/copy_ready",
            key=f"privacy/copy_ready:{request.pk}",
            language=request.user.language,
            request=request.pk,
        )
    )
    return True


def write(person: User, into: IO[bytes], *, now: datetime) -> None:
    """Write the archive of one person, in the active language: a readme, the data as JSON, their files."""
    copies = [handler.copy(person) for handler in personal_data.handlers()]
    sorts = [(name, copy.said[name], found) for copy in reversed(copies) for name, found in copy.rows.items()]
    rows = {name: found for name, _said, found in sorts}
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        readme = render_to_string("privacy/readme.txt", {"person": person, "now": now, "sorts": sorts})
        archive.writestr(_("LISEZ-MOI.txt"), readme)
        archive.writestr("data.json", json.dumps(rows, cls=Encoder, ensure_ascii=False, indent=2))
        for name, content in _files(copies):
            archive.writestr(name, content)


def _files(copies: list[personal_data.Copy]) -> Iterator[tuple[str, bytes]]:
    """One file after the other; one that is not there is left out, and the log says so."""
    for copy in copies:
        for file in copy.files:
            try:
                yield file.name, file.read()
            except FileNotFoundError:
                log.warning("A file of a copy is not there: %s", file.name)


def drop_over(now: datetime, limit: int = 100) -> int:
    """Delete the files that have had their time; says how many."""
    done = 0
    for request in DataRequest.objects.over(now)[:limit]:
        default_storage.delete(request.path)  # first: killed here, it is deleted again
        done += DataRequest.objects.over(now).filter(pk=request.pk).update(state=DataRequest.State.GONE)
    return done
