"""What organisations refuse, in words their people may read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from members.errors import NotAllowed, Refused


class NotOwner(NotAllowed):
    """Only who is responsible for an organisation decides about its people."""

    message = _("Seules les personnes responsables de l’organisation en décident.")


class LastOwner(Refused):
    """Someone has to stay responsible."""

    message = _("Il faut au moins une personne responsable.")
    instead = _("Confiez d’abord ce rôle à quelqu’un d’autre.")


class BelongsAlready(Refused):
    """The address is that of someone who belongs already."""

    message = _("Cette personne fait déjà partie de l’organisation.")


class InvitedAlready(Refused):
    """An invitation to that address still stands."""

    message = _("Cette adresse a déjà une invitation en attente.")
    instead = _("Retirez-la pour en envoyer une autre.")


class InvitationOver(Refused):
    """An invitation that was used, taken back, or has run out."""

    message = _("Cette invitation ne vaut plus.")
    instead = _("Demandez-en une nouvelle.")
    status: ClassVar[int] = 410


class TooManyInvitations(Refused):
    """More invitations than people send."""

    message = _("Trop d’invitations en peu de temps.")
    instead = _("Attendez une heure, ou écrivez-nous.")
    status: ClassVar[int] = 429


class NothingToShow(Refused):
    """A page of the ecosystem says of each organisation what it is, and where."""

    message = _("Pour être montrée, l’organisation a besoin d’un genre et d’une agglomération.")
    status = 422
