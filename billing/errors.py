"""Refusals of billing, in words a member may read."""

from django.utils.translation import gettext_lazy as _

from members.errors import Refused


class BillingRefused(Refused):
    """The base of billing's refusals."""

    message = _("Cette opération n’est pas possible.")


class SellerIncomplete(BillingRefused):
    """The seller is not described well enough to invoice: nothing is sold in its name yet."""

    message = _("Ce vendeur ne peut pas encore facturer.")
    instead = _("Rien n’a été débité. L’équipe complète ses mentions dans la gestion.")


class OrderNotOpen(BillingRefused):
    """The order is no longer waiting for a payment."""

    message = _("Cette commande n’attend plus de paiement.")


class HoldEnded(BillingRefused):
    """The time the order was kept for is over."""

    message = _("Le délai de paiement est passé\u00a0: votre réservation n’est plus gardée.")
    instead = _("Rien n’a été débité. Vous pouvez réserver à nouveau.")


class NoTerms(BillingRefused):
    """The customer does not pay on invoice."""

    message = _("Le paiement sur facture n’est pas ouvert pour ce client.")


class StartNotRequested(BillingRefused):
    """A consumer has not asked that the service begin before the end of the withdrawal period."""

    message = _("Cochez la demande de commencer pour réserver à cette date.")
    instead = _(
        "Sans elle, la loi vous laisse 14\u00a0jours pour changer d’avis, et nous ne pouvons pas commencer "
        "avant."
    )
    status = 422


class CouldNotFulfil(BillingRefused):
    """Something ordered can't be had any more, and nothing was paid."""

    message = _("Ce que vous aviez choisi n’est plus disponible.")
    instead = _("Rien n’a été débité. Vous pouvez choisir autre chose.")


class PaymentUnavailable(BillingRefused):
    """Stripe did not answer; the order is kept."""

    message = _("Le paiement par carte ne répond pas pour le moment. Rien n’a été débité.")
    instead = _("Votre commande reste gardée\u00a0: essayez à nouveau dans quelques instants.")


class CardNotOffered(BillingRefused):
    """This place takes no cards online."""

    message = _("Le paiement par carte en ligne n’est pas proposé.")


class AlreadyPaying(BillingRefused):
    """A payment is on its way."""

    message = _("Un paiement de cette commande est déjà en cours.")


class InvoicePaid(BillingRefused):
    """Nothing is owed on the invoice any more."""

    message = _("Cette facture n’attend plus de paiement.")


class MoreThanRemains(BillingRefused):
    """A credit note or a refund would give back more than remains."""

    message = _("Le montant dépasse ce qui reste à rendre.")


class NothingToCredit(BillingRefused):
    """A credit note without a sum."""

    message = _("Un avoir porte sur une somme au moins.")


class AlreadyReversed(BillingRefused):
    """The line was cancelled before."""

    message = _("Cette ligne est déjà annulée.")


class WrittenOff(BillingRefused):
    """A payment behind the invoice is lost: what it paid is not credited a second time."""

    message = _("Ce paiement a été passé en perte\u00a0: retirez d’abord la perte.")


class NotAnAdvance(BillingRefused):
    """A final invoice deducts advance invoices of its own customer and seller only."""

    message = _("Ce document n’est pas un acompte de ce client.")


class AdvanceDeducted(BillingRefused):
    """A final invoice deducted this advance: that one is to be corrected."""

    message = _("Cet acompte est déjà déduit d’une facture de solde.")
    instead = _("Faites l’avoir sur la facture de solde.")


class AdvanceBeyondInvoice(BillingRefused):
    """More was advanced at a rate than is invoiced at it."""

    message = _("Les acomptes dépassent la facture à l’un des taux de TVA.")
    instead = _("Cochez l’avoir de ce qui dépasse, ou faites d’abord un avoir sur l’acompte.")


class DiscountBeyondInvoice(BillingRefused):
    """A discount is negative, or more than the document."""

    message = _("La remise dépasse le montant de la facture.")


class NothingMoved(BillingRefused):
    """No cash, or less than none, was said to have moved."""

    message = _("Indiquez un montant positif\u202f; seule une correction peut être négative.")
    status = 422


class CashReasonMissing(BillingRefused):
    """A correction of the drawer that does not say why."""

    message = _("Dites pourquoi la caisse est corrigée.")
    status = 422


class CorrectionDoesNotFit(BillingRefused):
    """A correction of what is no movement of its drawer, or that would turn it the other way round."""

    message = _("Une correction annule un mouvement de cette caisse ou en change le montant, pas le sens.")
    status = 422


class ArchiveNotWhole(BillingRefused):
    """An archive is not what was made: a file, its hash, a chain or the signature is wrong."""

    message = _("Cette archive n’est pas celle qui a été faite.")
