"""`manage.py run`: the whole application on this machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cantine.embedded.errors import CannotStart
from cantine.running import run


class Command(BaseCommand):
    help = "Start PostgreSQL, Valkey, the web server, the worker, the clock and the payment stand-in."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM."""
        if settings.PRODUCTION:
            raise CommandError(
                "`run` is for one machine of one's own: see docs/operations.md for a production."
            )
        try:
            run()
        except CannotStart as reason:
            raise CommandError(str(reason)) from reason
