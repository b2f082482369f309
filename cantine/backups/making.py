"""Making an archive and keeping the last ones."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.core.files.storage import default_storage

from cantine import migrating
from cantine.backups import programs, stored
from cantine.backups.archive import DATABASE, FILES, Manifest, Writer, verify
from cantine.backups.errors import BackupFailed

PREFIX = "cantine"
BEFORE_MIGRATING = "cantine-avant-migration"
"""Archives of each kind are counted apart: those made before migrating never push out the nightly ones."""


class Kept(NamedTuple):
    """An archive, and what it was found to hold when read back."""

    path: Path
    manifest: Manifest


def back_up(folder: Path, *, now: datetime, prefix: str = PREFIX, keep: int = 0) -> Kept:
    """Write database and files into one archive below `folder`, read it back, and say where it is.

    The database first, as it is at one instant; then the files, whose names are never used twice: whatever
    the database speaks of is there. Of archives with this prefix the last `keep` stay (0: all of them).
    """
    path = folder / f"{prefix}-{now.astimezone(UTC):%Y%m%d-%H%M%S}Z.tar"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            raise BackupFailed(f"{path} is there already.")
        write(path, now=now)
    except OSError as reason:
        raise BackupFailed(f"{path} cannot be written: {reason.strerror or reason}.") from reason
    manifest = verify(path)
    forget_old(folder, prefix=prefix, keep=keep)
    return Kept(path, manifest)


def write(path: Path, *, now: datetime) -> None:
    """Write the archive; nothing of it stays when something goes wrong."""
    manifest = Manifest(now.isoformat(), 0, [])
    writer = Writer(path, manifest)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dump-") as beside:
            dumped = Path(beside, DATABASE)
            # Asked before the dump: a migration in between is then found done.
            manifest.migrations = sorted(f"{app}.{name}" for app, name in migrating.applied())
            manifest.postgres = programs.dump(dumped)
            with dumped.open("rb") as content:
                writer.add(DATABASE, content, dumped.stat().st_size)
        for name in stored.names():
            copy(writer, name)
        writer.finish()
    except BaseException:
        writer.give_up()
        raise


def copy(writer: Writer, name: str) -> None:
    """Copy a stored file, but for one erased since it was listed: what the law keeps is never erased."""
    try:
        size, content = default_storage.size(name), default_storage.open(name, "rb")
    except FileNotFoundError:
        return
    with content:
        writer.add(FILES + name, content, size)


def forget_old(folder: Path, *, prefix: str, keep: int) -> list[Path]:
    """Delete all but the last `keep` archives of a kind; with 0 all stay. Returns those deleted."""
    kind = f"{prefix}-" + "[0-9]" * 8 + "-" + "[0-9]" * 6 + "Z.tar"
    old = sorted(folder.glob(kind))[:-keep] if keep > 0 else []
    for path in old:
        path.unlink(missing_ok=True)
    return old
