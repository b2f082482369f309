"""People, organisations, memberships and messages for tests; every default is plainly invented."""

from datetime import date, datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from cantine.roles import GIVEN_BY_MANAGERS, give_role
from members.models import Affiliation, Membership, Message, Organisation, User
from tests.factories.rows import written

PASSWORD = "la-table-est-mise-24"
_numbers = count(1)


def make_user(
    *, role: str | None = "coworker", email: str = "", name: str = "", password: str = PASSWORD, **fields: Any
) -> User:
    """Make a person with a verified address; `role` gives the group (None for none)."""
    number = next(_numbers)
    user = User(
        email=(email or f"personne{number}@cantine.example").lower(),
        name=name or f"Camille Essai {number}",
        **fields,
    )
    user.set_password(password)
    if role in GIVEN_BY_MANAGERS:
        user.is_staff = user.is_superuser
    written(user)
    written(EmailAddress(user=user, email=user.email, verified=True, primary=True))
    if role in GIVEN_BY_MANAGERS:  # what `give_role` writes for a role that opens nothing
        written(User.groups.through(user=user, group=Group.objects.get(name=role)))
        user.roles = frozenset({role})
    elif role:
        give_role(user=user, role=role, by=None)
    return user


def make_superuser(**fields: Any) -> User:
    """Make someone with every right."""
    return make_user(is_staff=True, is_superuser=True, **fields)


def make_organisation(*people: User, name: str = "", may_pay: bool = True) -> Organisation:
    """Make an organisation, with `people` who may spend its money."""
    organisation = written(Organisation(name=name or f"Atelier Essai {next(_numbers)}"))
    for user in people:
        make_affiliation(organisation=organisation, user=user, may_pay=may_pay)
    return organisation


def make_affiliation(*, organisation: Organisation, user: User, may_pay: bool = False) -> Affiliation:
    """Make a person belong to an organisation."""
    return written(Affiliation(organisation=organisation, user=user, may_pay=may_pay))


def make_membership(
    *,
    user: User | None = None,
    organisation: Organisation | None = None,
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
    source: str = Membership.Source.MANAGER,
) -> Membership:
    """Make a membership, of a new person unless someone is given."""
    if user is None and organisation is None:
        user = make_user()
    return written(
        Membership(
            user=user, organisation=organisation, valid_from=valid_from, valid_to=valid_to, source=source
        )
    )


def make_message(*, template: str, key: str = "", due_at: datetime | None = None, **fields: Any) -> Message:
    """Make a message owed, without going through `owe`."""
    due = due_at or timezone.now()
    fields.setdefault("to", "personne@cantine.example")
    fields.setdefault("language", "fr")
    return written(
        Message(
            template=template, key=key or f"essai:{next(_numbers)}", due_at=due, next_try_at=due, **fields
        )
    )
