"""Refusals of what the treasurer decides in the books."""

from django.utils.translation import gettext_lazy as _

from billing.errors import BillingRefused


class NothingDisputed(BillingRefused):
    """Nothing of this dispute is owed: it was given back, or written off before."""

    message = _("De cette contestation, plus rien n’est dû.")


class LossInTheFuture(BillingRefused):
    """The day of the decision is after today."""

    message = _("La date de la décision est à venir.")
    status = 422


class LossBeforeItsDispute(BillingRefused):
    """The day of the decision is before the bank took the payment."""

    message = _("La date de la décision est avant celle de la contestation.")
    status = 422


class NothingToWithdraw(BillingRefused):
    """No loss stands on this dispute."""

    message = _("Aucune perte n’est notée sur cette contestation.")
