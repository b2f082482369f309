"""Keep the catalogues of texts true to the sources."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cantine.translations import catalogue


class Command(BaseCommand):
    """Says what lacks a translation; with --update, writes the new texts into the catalogues."""

    help = "Check that every text is translated, or bring the catalogues up to date (--update)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--update", action="store_true", help="write new texts into locale/")

    def handle(self, *args: Any, update: bool, **options: Any) -> None:
        if update:
            catalogue.update(settings.BASE_DIR)
        gaps = catalogue.gaps(catalogue.texts_of_sources(settings.BASE_DIR))
        for line in gaps:
            self.stdout.write(line)
        if gaps and not update:
            raise CommandError(
                f"{len(gaps)} gaps: `manage.py translations --update`, then translate locale/."
            )
        self.stdout.write(f"{len(gaps)} gaps.")
