"""What people do with their account."""

from django.db import transaction

from members.formats import known
from members.models import User


@transaction.atomic(durable=True)
def change_person(*, user: User, name: str, language: str) -> User:
    """Change a person's name and language."""
    user.name = name
    user.language = known(language)
    user.save(update_fields=["name", "language"])
    return user
