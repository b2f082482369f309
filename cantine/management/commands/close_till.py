"""Close the days, months and years that are over, as the worker does after midnight."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.till.archiving import archive_due
from billing.till.closing import close_due


class Command(BaseCommand):
    """Safe to repeat: what is closed stays closed."""

    help = "Close the till of every seller up to yesterday, and archive the years that are closed."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{close_due(now)} closings made, {archive_due(now)} archives.")
