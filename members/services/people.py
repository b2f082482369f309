"""What people do with their account."""

from allauth.account.models import EmailAddress
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


@transaction.atomic(durable=True)
def change_language(*, user: User, language: str) -> User:
    """Write to a person in another language from now on; one we don't speak changes nothing."""
    if known(language) == language != user.language:
        user.language = language
        user.save(update_fields=["language"])
    return user


def has_verified_address(user: User) -> bool:
    """Say whether this person proved that their address is theirs."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def addresses_of(user: User) -> list[str]:
    """The addresses this person proved to be theirs, in small letters; what hangs on them is theirs too."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({address.lower() for address in proved})
