"""`manage.py setup`: make this place a real one, or change what it was made with."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from cantine.setup import answers as files
from cantine.setup import cards, checklist, limits, mailing, managers
from cantine.setup.answers import Answers
from cantine.setup.applying import Applied, apply
from cantine.setup.asking import Asker
from cantine.setup.problems import AnswersRefused

EXAMPLE = Path(files.__file__).with_name("example.toml")


def has_migrations_to_come() -> bool:
    """Whether the tables are those of another version, or not made yet."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class Command(BaseCommand):
    """Asks on a terminal, or reads a file of answers; safe to repeat: only what is answered changes."""

    help = "Describe the seller, the site, its hours, spaces and prices, and who runs it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--answers", type=Path, metavar="FILE", help="a file of answers (TOML)")
        parser.add_argument("--example", action="store_true", help="print a file of answers to fill in")
        parser.add_argument("--check", action="store_true", help="try the answers, write nothing")
        parser.add_argument("--show", action="store_true", help="only say what stands")
        parser.add_argument("--link", action="store_true", help="give those named a new link in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["example"]:
            self.stdout.write(EXAMPLE.read_text(encoding="utf-8"), ending="")
            return
        with override("en"):
            if has_migrations_to_come():
                call_command("migrate", interactive=False, verbosity=0)
                call_command("createcachetable", verbosity=0)
            self.show()
            if options["show"]:
                return
            answers, password = self.answers(options["answers"])
            try:
                applied = apply(answers, now=timezone.now(), password=password, dry=options["check"])
            except AnswersRefused as refused:
                raise CommandError(f"Nothing was written.\n{refused}") from refused
            self.tell(applied, dry=options["check"])
            if not options["check"]:
                self.afterwards(answers, applied, link=options["link"])
                self.show()

    def answers(self, path: Path | None) -> tuple[Answers, str]:
        """The answers, and the password that was typed, if any: it is in no file and in no log."""
        if path is not None:
            try:
                return files.read(path), ""
            except AnswersRefused as refused:
                raise CommandError(f"{path}: {refused}") from refused
        if not sys.stdin.isatty():
            raise CommandError("No terminal: give --answers FILE (`--example` prints one), or --show.")
        given = Asker(input, self.stdout.write).all()
        password = ""
        if "manager" in given:
            password = getpass.getpass("Password of the manager (Enter: a link that serves once): ")
            if password and password != getpass.getpass("Once more: "):
                raise CommandError("The two differ: nothing was written.")
        return files.gather(given, folder=Path.cwd()), password

    def show(self) -> None:
        """Say what stands and what is missing."""
        for point in checklist.points(timezone.now()):
            self.stdout.write(f"{'ok     ' if point.done else 'MISSING'}  {point.title}: {point.detail}")

    def tell(self, applied: Applied, *, dry: bool) -> None:
        """Say what was changed."""
        for line in applied.report.changes:
            self.stdout.write(f"{'would change' if dry else 'changed'}  {line}")
        self.stdout.write(f"{len(applied.report.changes)} changes, {applied.report.unchanged} as they were")

    def afterwards(self, answers: Answers, applied: Applied, *, link: bool) -> None:
        """What belongs to no transaction: limits, the test mail, the keys, links."""
        self.stdout.write(limits.set_limits())
        if "mail" in answers.one and (to := answers.one["mail"].text("test_to")):
            self.stdout.write(mailing.send_trial(to=to, now=timezone.now()))
        self.stdout.write(cards.tried())
        for user in applied.named.people:
            if link or managers.needs_a_link(user):
                self.stdout.write(f"{user.email} chooses a password here, once, within three days:")
                self.stdout.write(managers.link_for(user))
