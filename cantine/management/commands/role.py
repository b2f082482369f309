"""`manage.py role maud@exemple.fr --give manager --sites rouen`: who has which role, given or taken back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from bookings.models import Site, StaffSite
from cantine import roles
from members.models import User


class Command(BaseCommand):
    """Gives or takes a role of someone who has an account; with neither, says what they have."""

    help = "Give or take back a role: a manager's (of some sites or of all), the treasurer's, and the others."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and what."""
        parser.add_argument("email")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--give", choices=list(roles.TABLE), metavar="ROLE", help=", ".join(roles.TABLE))
        what.add_argument("--take", choices=list(roles.TABLE), metavar="ROLE", help="their sessions end")
        parser.add_argument("--sites", metavar="CODES", help="a manager's, by commas; all when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what they have now."""
        give, take, said = options["give"], options["take"], options["sites"]
        if said is not None and give != roles.MANAGER:
            raise CommandError("--sites goes with --give manager.")
        with transaction.atomic(durable=True):
            email = options["email"].strip().lower()
            user = User.objects.select_for_update(no_key=True).filter(email=email, is_active=True).first()
            if user is None:
                raise CommandError("Nobody with an open account has this address.")
            if give:
                roles.give_role(user=user, role=give, by=None, sites=self.sites(said))
            elif take:
                roles.take_role(user=user, role=take, by=None)
        self.tell(user)

    def sites(self, said: str | None) -> list[Site] | None:
        """The sites of these codes; None for all of them."""
        if said is None:
            return None
        codes = {code.strip() for code in said.split(",") if code.strip()}
        found = list(Site.objects.filter(code__in=codes))
        if not codes or len(found) < len(codes):
            known = ", ".join(Site.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"Codes of sites are: {known}. Nothing was changed.")
        return found

    def tell(self, user: User) -> None:
        """Roles, and the sites of a manager."""
        sites = StaffSite.objects.current().filter(user=user).values_list("site__code", flat=True)
        names = [
            f"{name} of {', '.join(sorted(code or 'every site' for code in sites))}"
            if name == roles.MANAGER
            else name
            for name in sorted(user.roles)
        ]
        self.stdout.write(f"{user.email}: {'; '.join(names) or 'no role'}")
        if user.is_superuser:
            self.stdout.write("and superuser, who has them all")
