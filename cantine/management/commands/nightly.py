"""`manage.py nightly`: backup and audit every night, for a house of containers, which has no timers."""

import argparse
import logging
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from cantine.watching import nightly
from cantine.watching.models import Nightly

log = logging.getLogger(__name__)
PAUSE = 600
"""Seconds between two looks at the clock; what failed is tried again then."""


class Command(BaseCommand):
    """Stays, and looks at the clock; with --once it does what is due and ends."""

    help = "Make the night's backup, then the audit, at 02:30 or as soon as the machine is there again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How much is kept."""
        parser.add_argument("--keep", type=int, default=14, metavar="N", help="archives that stay (14)")
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, keep: int, once: bool, **options: Any) -> None:
        """Look, do, wait."""
        while True:
            self.do_what_is_due(keep)
            if once:
                return
            connection.close()
            time.sleep(PAUSE)  # a program of its own, which waits for the night beside no other work

    def do_what_is_due(self, keep: int) -> None:
        """Backup first; one that fails does not keep the audit from running."""
        for what, options in ((Nightly.What.BACKUP, {"keep": keep}), (Nightly.What.AUDIT, {})):
            try:
                if nightly.is_due(what, timezone.now()):
                    call_command(what.value, stdout=self.stdout, **options)
            except (CommandError, DatabaseError) as reason:
                log.error("The %s of the night: %s", what.value, reason)
