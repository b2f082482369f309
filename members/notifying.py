"""Which optional e-mails a person wants."""

from members.models import User

NOTICES = "notices"


def wants(user: User, kind: str) -> bool:
    """Whether `user` is to be written to about `kind` (`NOTICES`); yes until they say otherwise."""
    return user.is_active
