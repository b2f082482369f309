"""`manage.py restore`: what `backup` kept, put back and audited."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cantine.backups.errors import BackupFailed
from cantine.backups.restoring import restore


class Command(BaseCommand):
    """Into an empty database and storage; `--replace` puts it in place of what is there, once typed."""

    help = "Put an archive of `backup` back, bring the tables up to date, and audit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="in place of what is here, which is backed up first"
        )
        parser.add_argument("--without-audit", action="store_true", help="do not audit afterwards")

    def handle(self, *args: Any, archive: Path, replace: bool, without_audit: bool, **options: Any) -> None:
        if replace:
            self.ask()
        try:
            manifest = restore(archive, replace=replace, say=self.stdout.write)
        except BackupFailed as reason:
            raise CommandError(str(reason)) from reason
        if not without_audit:
            # What was not late then is not late now: the worker does it when it starts.
            call_command("audit", at=datetime.fromisoformat(manifest.made_at), stdout=self.stdout)

    def ask(self) -> None:
        """Have the database's name typed: it cannot be done by a slip."""
        name = str(connection.settings_dict["NAME"])
        where = connection.settings_dict["HOST"]
        try:
            typed = input(f"This replaces the database {name} at {where} and its files. Type {name}: ")
        except EOFError:
            typed = ""
        if typed.strip() != name:
            raise CommandError("Nothing was changed.")
