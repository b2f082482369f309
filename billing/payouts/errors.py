"""Refusals of the payouts, and what is wrong with one that Stripe told of."""

from django.utils.translation import gettext_lazy as _

from billing.errors import BillingRefused


class NotPaidYet(BillingRefused):
    """Only what Stripe has paid can have reached the bank."""

    message = _("Stripe n’a pas encore versé cette somme.")
    instead = _("Rapprochez-la quand son état sera «\u202fversé\u202f».")


class InTheFuture(BillingRefused):
    """The bank's date is after today."""

    message = _("La date de réception est à venir\u00a0: un versement se rapproche une fois reçu.")


class DoesNotAddUp(Exception):
    """The movements of a payout do not make its amount: it is not recorded, and asked for again."""
