"""Members, their profiles and notices for tests; every default is plainly invented."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from members.models import Notice, Profile, User
from members.services.notices import post_notice
from tests.factories.members import make_membership, make_user

EVERYTHING = [name for name in Profile.Field.values if name != "email"]


def make_member(**fields: Any) -> User:
    """Make a person who is a member."""
    user = make_user(**fields)
    make_membership(user=user)
    return user


def make_profile(
    name: str = "", *, user: User | None = None, shown: list[str] | None = None, **fields: Any
) -> Profile:
    """Make a member who is in the directory and shows everything but the address."""
    person = user or make_member(name=name)
    seen = EVERYTHING if shown is None else shown
    return Profile.objects.create(user=person, name=person.name, is_listed=True, shown=seen, **fields)


def make_notice(
    title: str = "Une relecture en anglais",
    *,
    author: User | None = None,
    kind: str = "seek",
    body: str = "Deux pages, pour vendredi.",
    now: datetime | None = None,
) -> Notice:
    """Put a member's notice on the board."""
    return post_notice(
        author=author or make_member(), kind=kind, title=title, body=body, now=now or timezone.now()
    )
