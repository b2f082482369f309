"""Restoring an archive: into an empty place, or in place of what is there once that was kept."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cantine import migrating
from cantine.backups import making, programs, stored
from cantine.backups.archive import DATABASE, FILES, PIECE, Manifest, members, verify
from cantine.backups.errors import BackupFailed

BEFORE_RESTORING = "cantine-avant-restauration"
Say = Callable[[str], object]


def restore(path: Path, *, replace: bool, say: Say) -> Manifest:
    """Put back the database and the files of an archive, and bring the tables up to date.

    Refuses, with nothing changed, an archive that is not whole, one of newer code, a place that is in use,
    and one that is not empty unless `replace`; what is there is then backed up first. Files come first, and
    may be there already: what was interrupted is begun again. The database comes last and at once.
    """
    manifest = verify(path)
    say(f"{path.name} is whole: {len(manifest.files)} files and the database of {manifest.made_at}")
    refuse_newer(manifest)
    refuse_used()
    extra = stray_files(manifest)
    if replace:
        kept = making.back_up(settings.BACKUP_DIR, now=timezone.now(), prefix=BEFORE_RESTORING)
        say(f"what was here is kept in {kept.path}")
    elif has_tables() or extra:
        what = "the database has tables" if has_tables() else f"{extra[0]} is there and not the archive's"
        raise BackupFailed(
            f"This place is not empty ({what}): take an empty database and folder, or --replace."
        )
    with tempfile.TemporaryDirectory(prefix="cantine-restore-") as beside:
        dumped = Path(beside, DATABASE)
        put_back(path, dumped)
        connection.close()
        programs.load(dumped, replace=replace)
    for name in extra:
        default_storage.delete(name)
    say("database and files are back")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return manifest


def refuse_newer(manifest: Manifest) -> None:
    """An archive of newer code cannot be served by this one."""
    known = {f"{app}.{name}" for app, name in migrating.ours()}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise BackupFailed(f"It was made by newer code ({unknown[0]} is not known here): install that first.")


def refuse_used() -> None:
    """Nobody else may be connected: programs would write into what is put back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"
        )
        row = cursor.fetchone()
    if row and row[0]:
        raise BackupFailed(f"{row[0]} other connections to the database: stop web, worker and beat first.")


def has_tables() -> bool:
    """Whether anything was ever made in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        row = cursor.fetchone()
    return bool(row and row[0])


def stray_files(manifest: Manifest) -> list[str]:
    """Stored files that are not the archive's, by name or by content."""
    return [name for name in stored.names() if manifest.parts.get(FILES + name) != stored.part_of(name)]


def put_back(path: Path, dumped: Path) -> None:
    """Write the files that are not there yet, and the dump beside."""
    for name, content in members(path):
        if name == DATABASE:
            with dumped.open("wb") as target:
                shutil.copyfileobj(content, target, PIECE)
        elif name.startswith(FILES):
            try:
                stored.write(name.removeprefix(FILES), content)
            except OSError as reason:
                raise BackupFailed(f"{name} cannot be written: {reason}.") from reason
