"""Refusals of reports."""

from django.utils.translation import gettext_lazy as _

from members.errors import Refused


class NotOver(Refused):
    """Half a quarter is not reported."""

    message = _("La période n’est pas finie\u00a0: son rapport est provisoire et ne s’émet pas encore.")


class IssuedMeanwhile(Refused):
    """Somebody issued this report since it was read."""

    message = _("Ce rapport a été émis entre-temps.")
    instead = _("Relisez la version qui existe avant de la remplacer.")
