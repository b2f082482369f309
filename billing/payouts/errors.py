"""Refusals of the payouts, and what is wrong with one that Stripe told of."""

from decimal import Decimal

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from billing.errors import BillingRefused
from members.formats import euros


class NotPaidYet(BillingRefused):
    """Only what Stripe has paid can have reached the bank."""

    message = _("Stripe n’a pas encore versé cette somme.")
    instead = _("Rapprochez-la quand son état sera «\u202fversé\u202f».")


class InTheFuture(BillingRefused):
    """The bank's date is after today."""

    message = _("La date de réception est à venir\u00a0: un versement se rapproche une fois reçu.")


class DiffersFromStripe(BillingRefused):
    """The bank received another sum than Stripe's, and nobody confirmed it; `gap` is what is too much."""

    instead = _("Corrigez le montant, ou confirmez que c’est bien ce que la banque a reçu.")

    def __init__(self, gap: Decimal) -> None:
        self.gap = gap
        words = {"amount": euros(gap, get_language() or "fr")}
        super().__init__(gettext("Ce n’est pas ce que Stripe a versé\u00a0: écart de %(amount)s.") % words)


class DoesNotAddUp(Exception):
    """The movements of a payout do not make its amount: it is not recorded, and asked for again."""
