"""Archive a closed period of a seller's till."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.models import TillClosing
from billing.till.archiving import make_archive, name_of


class Command(BaseCommand):
    """Makes the archive once, keeps it with the other files, and copies it where asked."""

    help = "Archive the closed day, month or year of a seller that holds a given day."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("seller", help="the seller's code")
        parser.add_argument("kind", choices=TillClosing.Kind.values)
        parser.add_argument("day", type=date.fromisoformat, help="a day of the period, as 2026-11-24")
        parser.add_argument("--to", type=Path, help="a folder to copy the file to")

    def handle(self, *args: Any, seller: str, kind: str, day: date, to: Path | None, **options: Any) -> None:
        rows = TillClosing.objects.filter(
            seller__code=seller, kind=kind, first_day__lte=day, last_day__gte=day
        )
        closing = rows.select_related("seller").first()
        if closing is None:
            raise CommandError(f"No {kind} of {seller} that holds {day} is closed.")
        archive = make_archive(closing=closing, by=None, now=timezone.now())
        if to is not None:
            with archive.file.open("rb") as stored:
                (to / name_of(closing)).write_bytes(stored.read())
        self.stdout.write(f"{archive.file.name}  {archive.sha256}")
