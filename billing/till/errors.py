"""Refusals of what is given to the bank."""

from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.errors import BillingRefused
from members.formats import euros


class NothingRemitted(BillingRefused):
    """No cheque and no day was chosen."""

    message = gettext_lazy("Cochez ce que la banque a reçu.")
    status = 422


class TakingAlreadyRemitted(BillingRefused):
    """What was chosen is in another remittance by now, or more of it was taken since."""

    message = gettext_lazy("Une partie de ce qui est coché a changé ou vient d’être remise.")
    instead = gettext_lazy("La liste est à jour\u00a0: cochez à nouveau.")


class RemittanceInTheFuture(BillingRefused):
    """The bank's date is after today."""

    message = gettext_lazy("La date de valeur est à venir\u00a0: une remise se note une fois reçue.")
    status = 422


class RemittanceDoesNotAddUp(BillingRefused):
    """What was chosen comes to another sum than the bank's."""

    status = 422

    def __init__(self, held: Decimal, told: Decimal) -> None:
        language = get_language() or "fr"
        words = {"held": euros(held, language), "told": euros(told, language)}
        words["gap"] = euros(held - told, language)
        text = _("Ce qui est coché fait %(held)s, la banque et ses frais %(told)s\u00a0: écart de %(gap)s.")
        super().__init__(text % words)


class RemittanceWithdrawn(BillingRefused):
    """It was withdrawn before."""

    message = gettext_lazy("Cette remise est déjà retirée.")


class RemittancesBegun(BillingRefused):
    """What was taken long ago is said to be at the bank in one go before the first remittance, not after."""

    message = gettext_lazy("Des remises sont déjà notées\u00a0: cochez ce que la banque a reçu.")
