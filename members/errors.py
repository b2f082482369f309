"""Refusals: what the application will not do, in words a member may read."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Refused(Exception):
    """The base of every refusal; nothing has been written when one is raised.

    `message` says why, to the person who asked. `instead` says what would be possible, where something is.
    `status` is the HTTP status an API or a bare page answers with.
    """

    message: Text = _("Cette demande ne peut pas aboutir.")
    instead: Text | None = None
    status: ClassVar[int] = 409

    def __init__(self, message: Text | None = None, *, instead: Text | None = None) -> None:
        if message is not None:
            self.message = message
        if instead is not None:
            self.instead = instead
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refused):
    """The person has not the right to do this."""

    message = _("Votre rôle ne permet pas cette action.")
    status = 403


class WrongState(Refused):
    """The thing is no longer in a state that allows it."""

    message = _("Cette action n’est plus possible.")


class TooOften(Refused):
    """Asked for more often than people do."""

    message = _("Cela fait beaucoup en peu de temps. Réessayez un peu plus tard.")
    status = 429
