"""Refusals about one's data and the end of one's account."""

from django.utils.translation import gettext_lazy as _

from members.errors import Refused


class AskedToday(Refused):
    """A copy was asked for today already."""

    message = _("Vous avez déjà demandé vos données aujourd’hui.")
    instead = _("Vous pourrez les redemander demain.")


class NotYourName(Refused):
    """What was typed to confirm is not the person's name."""

    message = _("Ce n’est pas le nom de votre compte. Recopiez-le tel qu’il est écrit ci-dessus.")


class SettleFirst(Refused):
    """Something has to be settled before the account is closed."""

    message = _("Votre compte ne peut pas encore être fermé.")
    instead = _("Réglez d’abord ce qui est marqué ci-dessous.")


class TooLate(Refused):
    """An account that was erased, or is being erased, does not come back."""

    message = _("Ce lien ne permet plus de rouvrir le compte.")
    instead = _("Vous pouvez créer un nouveau compte avec la même adresse.")
