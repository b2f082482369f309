"""`manage.py backup`: the database and the files in one verified archive."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cantine import migrating
from cantine.backups import archive, making
from cantine.backups.errors import BackupFailed
from cantine.watching import nightly
from cantine.watching.models import Nightly


class Command(BaseCommand):
    """Prints the archive's path on its last line, for a script that carries it elsewhere."""

    help = "Write database and files into one archive with the SHA-256 of each part, and read it back."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="where (BACKUP_DIR)")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all but the last N")
        parser.add_argument("--verify", type=Path, metavar="ARCHIVE", help="only read an archive")
        parser.add_argument("--before-migrate", action="store_true", help="only when migrations are due")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.do(**{name: options[name] for name in ("to", "keep", "verify", "before_migrate")})
        except BackupFailed as reason:
            raise CommandError(str(reason)) from reason

    def do(self, *, to: Path | None, keep: int, verify: Path | None, before_migrate: bool) -> None:
        """What was asked for."""
        if verify:
            self.tell(archive.verify(verify))
        elif before_migrate and not migrating.due():
            self.stdout.write("No migration is due: no backup is made.")
        else:
            kept = making.back_up(
                to or settings.BACKUP_DIR,
                now=timezone.now(),
                prefix=making.BEFORE_MIGRATING if before_migrate else making.PREFIX,
                keep=keep,
            )
            if not migrating.due():  # the table may have yet to come
                nightly.note(Nightly.What.BACKUP, now=timezone.now())
            self.tell(kept.manifest)
            self.stdout.write(str(kept.path))

    def tell(self, manifest: archive.Manifest) -> None:
        """What an archive was found to hold."""
        size = sum(part.size for part in manifest.parts.values()) / 1e6
        self.stdout.write(
            f"Whole: PostgreSQL {manifest.postgres}, {len(manifest.files)} files, {size:.1f} MB, "
            f"of {manifest.made_at}."
        )
