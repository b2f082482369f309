"""Refusals of collecting, in words the manager reads."""

from django.utils.translation import gettext_lazy as _

from billing.errors import BillingRefused


class TransferAlreadyEntered(BillingRefused):
    """The same day, amount and words were entered before."""

    message = _("Ce virement est déjà saisi\u00a0: même date, même montant, même libellé.")
    instead = _("Si c’est un autre virement, cochez-le et enregistrez à nouveau.")


class TransferToCome(BillingRefused):
    """The value date is after today."""

    message = _("La date de valeur est à venir\u00a0: un virement se saisit une fois reçu.")


class MoreThanOwed(BillingRefused):
    """A part is more than is owed there."""

    message = _("La part donnée dépasse ce qui reste dû.")
    instead = _("Le reste du virement est gardé pour ce client.")


class MoreThanReceived(BillingRefused):
    """The parts are more than the whole."""

    message = _("Les parts dépassent le montant reçu.")


class OrderNotCovered(BillingRefused):
    """A part of an order is given while some of the transfer is left."""

    message = _("Cette commande n’est payée qu’en partie alors qu’il reste de l’argent.")
    instead = _("Donnez-lui d’abord ce qui lui manque, ou rien.")


class NotTheirs(BillingRefused):
    """A transfer pays the documents of one customer and one seller."""

    message = _("Ce document n’est pas de ce client, ou d’un autre vendeur.")


class NothingOrdered(BillingRefused):
    """Credit hangs on an order, and this customer never had one."""

    message = _("Ce client n’a jamais rien commandé\u00a0: rien ne peut porter ce paiement.")


class PauseOver(BillingRefused):
    """The pause does not stand any more."""

    message = _("Cette pause n’est plus en cours.")


class PauseWithoutEnd(BillingRefused):
    """Only a dispute has no end of its own."""

    message = _("Donnez la fin de la pause, à venir\u00a0: seule une contestation peut rester sans fin.")
