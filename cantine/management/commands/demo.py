"""Fill an empty database with demonstration data."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cantine.demo import build


class Command(BaseCommand):
    """Refuses a database that already holds a site: demonstration and real life never mix."""

    help = "Fill an empty database with invented places, people and a year of bookings."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--password", required=True, help="the password of the demonstration logins")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")

    def handle(self, *args: Any, password: str, if_empty: bool, **options: Any) -> None:
        if not build.is_empty():
            if if_empty:
                return
            raise CommandError("This database holds data already: demonstration data goes into an empty one.")
        written = build.build(password=password, now=timezone.now(), tell=self.stdout.write)
        self.stdout.write(f"Demonstration data: 3 sites, {written} bookings over a year, all invented.")
