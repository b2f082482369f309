"""`manage.py backup` and `restore`: from a house that lived into an empty folder, and what is refused."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from billing.models import DocumentFile
from cantine import migrating, preparing
from cantine.backups import making, programs
from cantine.backups.archive import verify
from cantine.embedded.errors import CannotStart
from cantine.watching.models import Nightly
from tests.cantine.test_audit import live
from tests.factories.bookings import NOW

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def kept(tmp_path: Path, settings: Settings) -> Path:
    """Files and backups in folders of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path / "backups"


def in_an_empty_folder(folder: Path, *command: str, say: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command on embedded services of its own, with the key that signed the chain of payments."""
    dropped = ("DATABASE_URL", "REDIS_URL", "CANTINE_ENV")
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    env |= {"DATA_DIR": str(folder), "SIGNING_KEY": django_settings.SIGNING_KEY}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        input=say,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_a_house_that_lived_is_whole_in_an_empty_folder(kept: Path, tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=False):
        live()
        SessionStore().save()
        default_storage.save("events/photo.jpg", ContentFile(b"jpeg"))
        said = StringIO()
        call_command("backup", keep=3, stdout=said)
    path = Path(said.getvalue().splitlines()[-1])
    held = verify(path)
    assert "events/photo.jpg" in held.files
    assert len(held.files) == DocumentFile.objects.count() + 1 > 1
    assert not any("key" in name or "password" in name for name in held.parts)

    empty = tmp_path / "empty"
    done = in_an_empty_folder(empty, "restore", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout
    assert "ok      5 the chain of payments is whole" in done.stdout
    assert (empty / "files/events/photo.jpg").read_bytes() == b"jpeg"
    for row in DocumentFile.objects.all():
        with row.file.open("rb") as stored:
            assert (empty / "files" / str(row.file.name)).read_bytes() == stored.read()


@pytest.mark.django_db
def test_what_is_not_empty_is_refused_and_left_alone(kept: Path) -> None:
    path = making.back_up(kept, now=timezone.now()).path
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", path, stdout=StringIO())
    assert migrating.due() == set()


@pytest.mark.django_db
def test_a_night_makes_one_backup_and_one_audit(kept: Path) -> None:
    for _twice in range(2):
        call_command("nightly", once=True, stdout=StringIO())
    assert len(list(kept.iterdir())) == 1
    assert {run.what for run in Nightly.objects.all()} == {"backup", "audit"}


@pytest.mark.django_db
def test_replacing_wants_the_name_typed(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = making.back_up(kept, now=timezone.now()).path
    monkeypatch.setattr("builtins.input", lambda _asked: "oui")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", path, replace=True, stdout=StringIO())
    assert len(list(kept.iterdir())) == 1


@pytest.mark.django_db
def test_an_archive_of_newer_code_is_refused(kept: Path) -> None:
    MigrationRecorder(connection).record_applied("members", "9999_tomorrow")
    # What the test has not committed is not in the dump, but in the list of what was done.
    path = making.back_up(kept, now=timezone.now()).path
    with pytest.raises(CommandError, match=r"newer code \(members.9999_tomorrow"):
        call_command("restore", path, stdout=StringIO())


@pytest.mark.django_db
def test_before_migrating_one_is_made_when_something_is_due(kept: Path) -> None:
    said: list[str] = []
    preparing.back_up_before_migrating(said.append)
    call_command("backup", before_migrate=True, stdout=StringIO())
    assert not kept.exists()
    MigrationRecorder.Migration.objects.filter(app="members").latest("pk").delete()
    preparing.back_up_before_migrating(said.append)
    assert [each.name.startswith("cantine-avant-migration-") for each in kept.iterdir()] == [True]
    assert said[0] == "migrations are due: a backup first"


@pytest.mark.django_db
def test_no_backup_no_migration(kept: Path, settings: Settings) -> None:
    MigrationRecorder.Migration.objects.filter(app="members").latest("pk").delete()
    kept.parent.joinpath("file").touch()
    settings.BACKUP_DIR = kept.parent / "file" / "below"
    with pytest.raises(CannotStart, match="BACKUP_BEFORE_MIGRATING=0"):
        preparing.back_up_before_migrating(lambda _said: None)
    settings.BACKUP_BEFORE_MIGRATING = False
    preparing.back_up_before_migrating(lambda _said: None)


@pytest.mark.django_db
def test_the_programs_are_of_the_server_s_version() -> None:
    major = programs.server_version()
    assert programs.major_of(programs.folder_of(major) / "pg_restore") == major
