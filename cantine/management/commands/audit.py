"""Check the design's invariants over whatever the database holds."""

import argparse
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cantine import migrating
from cantine.audit.report import findings
from cantine.watching import nightly
from cantine.watching.models import Nightly


class Command(BaseCommand):
    """Prints a line per invariant, what breaks it below, and exits non-zero when one is broken."""

    help = "Check that nothing is taken twice, lost, unbalanced, altered or left undone."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--at", type=datetime.fromisoformat, help="judge what is late as of this instant, with its offset"
        )

    def handle(self, *args: Any, at: datetime | None, **options: Any) -> None:
        broken, now = 0, timezone.now()
        for finding in findings(at or now):
            broken += bool(finding.details)
            self.stdout.write(f"{'BROKEN' if finding.details else 'ok    '}  {finding.name}")
            for detail in finding.details:
                self.stdout.write(f"        {detail}")
            if finding.more:
                self.stdout.write(f"        and {finding.more} more")
        if at is None and not migrating.due():  # the table may have yet to come
            nightly.note(Nightly.What.AUDIT, now=now, well=not broken)
        if broken:
            raise CommandError(f"{broken} invariants are broken.")
