"""What calling a registration off came to, in whole sentences."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Document, DocumentKind, Refund
from billing.money import ZERO
from events.models import Registration
from members.formats import euros


def outcome_of(registration: Registration) -> str:
    """Say what became of the money of a registration that was called off."""
    line = registration.line
    if line is None or line.amount_incl == ZERO:
        return _("Il n’y avait rien à payer.")
    if registration.confirmed_at is None:
        return _given_up(registration)
    note = (
        Document.objects.filter(kind=DocumentKind.CREDIT_NOTE, lines__order_line=line).order_by("-pk").first()
    )
    if note is None:
        return _("Rien ne vous est rendu\u00a0: le délai de remboursement était passé.")
    return _returned(note)


def _given_up(registration: Registration) -> str:
    if registration.line is not None and registration.line.order.payments.received().exists():
        return _("Un paiement est arrivé entre-temps\u00a0: il vous est rendu en entier.")
    return _("Rien n’a été débité.")


def _returned(note: Document) -> str:
    """How the credit note's sum comes back: by card, at the desk, or off an unpaid invoice."""
    language = get_language() or "fr"
    amount = {"amount": euros(note.total_incl, language)}
    refunds = list(note.refunds.select_related("payment"))
    if not refunds:
        return _("%(amount)s sont déduits de votre facture, qui n’était pas réglée.") % amount
    lost = {Refund.State.FAILED, Refund.State.REFUSED}
    standing = [refund for refund in refunds if refund.state not in lost]
    if not standing:
        return (
            _("%(amount)s vous sont dus\u00a0: le remboursement n’a pas abouti, nous vous écrivons.") % amount
        )
    back = {"amount": euros(sum((each.amount for each in standing), start=Decimal(0)), language)}
    if any(each.payment.at_desk for each in standing):
        return _("%(amount)s vous sont rendus à l’accueil, à votre prochaine venue.") % back
    return _("%(amount)s vous sont rendus sur la carte qui a payé, sous cinq à dix jours.") % back
