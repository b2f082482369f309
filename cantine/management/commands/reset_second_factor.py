"""`manage.py reset_second_factor maud@exemple.fr`: for who lost every key, application and recovery code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import User
from members.services.second_factor import reset_second_factor


class Command(BaseCommand):
    """Takes every second factor of a person away and ends their sessions; make sure who is asking."""

    help = "Take away the second factor of a person, who then signs in without and adds another."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was there."""
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody has this address.")
        number = reset_second_factor(user=user)
        self.stdout.write(f"{user.email}: {number} factors taken away, every session ended.")
