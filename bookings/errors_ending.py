"""What the end of a rental is refused for, in words anyone may read."""

from django.utils.translation import gettext_lazy as _

from bookings.errors_rental import RentalRefused


class EndingRefused(RentalRefused):
    """The base of what the end of a rental refuses."""

    status = 409


class NotUnderWay(EndingRefused):
    """The rental was not won, or it has ended."""

    message = _("Cette location n’est pas en cours.")


class AdvanceAwaited(EndingRefused):
    """Its advance may still be paid."""

    message = _("L’acompte attend encore son paiement.")
    instead = _("Encaissez-le ou abandonnez sa commande avant d’établir le solde.")


class NothingReserved(EndingRefused):
    """Its spaces were never sure."""

    message = _("Aucun espace n’est réservé pour cette location : il n’y a pas de solde.")


class NotOverYet(EndingRefused):
    """Its day is not over, and the manager did not say that it is to be now."""

    message = _("La location n’est pas terminée.")
    instead = _("Cochez la case pour établir le solde dès maintenant.")


class NothingToInvoice(EndingRefused):
    """A balance without a line."""

    message = _("Un solde a au moins une ligne.")


class BalanceChanged(EndingRefused):
    """What is left to pay is no longer what was read."""

    message = _("Ce qui reste à payer a changé entre-temps\u00a0: rien n’est facturé.")
    instead = _("Relisez le montant avant d’émettre la facture.")


class AlreadyBegun(EndingRefused):
    """Its day has come."""

    message = _("La location a commencé, elle ne s’annule plus.")
    instead = _("Écrivez-nous pour en parler.")


class CostChanged(EndingRefused):
    """What is kept is no longer what was read."""

    message = _("Ce qui est gardé a changé entre-temps.")
    instead = _("Relisez le montant avant de confirmer.")


class StayOver(EndingRefused):
    """What would be moved is over, or would be."""

    message = _("Cette location est passée, elle ne se déplace plus.")


class AnotherDay(EndingRefused):
    """It has begun, or its final invoice says the day."""

    message = _("Une location commencée ou facturée reste dans sa journée.")
    instead = _("Pour un autre jour, annulez-la et faites un nouveau devis.")


class FeedbackClosed(EndingRefused):
    """What was said stays."""

    message = _("Votre avis est noté, il ne se modifie plus.")


class ChangeAnswered(EndingRefused):
    """Somebody was quicker: another answer, or another change asked for."""

    message = _("Ce changement a déjà sa réponse, ou un autre l’a remplacé.")
    instead = _("Relisez ce qui est demandé avant de répondre.")


class NothingToChange(EndingRefused):
    """A change was asked for that changes nothing."""

    message = _("Rien ne change dans ce que vous demandez.")
    instead = _("Changez une réponse, ou écrivez-nous ce que vous souhaitez.")
    status = 422
