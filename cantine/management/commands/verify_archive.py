"""Check an archive of the till: its files, its chains, its signature."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.errors import ArchiveNotWhole
from billing.till.opening_archives import verify_archive


class Command(BaseCommand):
    """Needs the file and the signing key, not the database's rows; exits non-zero when something is wrong."""

    help = "Check that an archive of the till is what was made."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = verify_archive(file)
        except (ArchiveNotWhole, OSError) as reason:
            raise CommandError(f"{file.name}: {reason}") from reason
        period, lines = manifest["period"], sum(each["lines"] for each in manifest["files"].values())
        self.stdout.write(
            f"{file.name} is whole: {manifest['seller']['code']}, {period['first_day']} to "
            f"{period['last_day']}, {lines} lines."
        )
