"""What calling a booking off came to, in whole sentences: given back how much, how, or nothing and why."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Document, DocumentKind, Payment, Refund
from billing.money import ZERO
from bookings.models import Booking
from bookings.services.freeing import free_until
from members.formats import day, euros, hour


@dataclass(frozen=True)
class Outcome:
    """`text` says it; `credit_note` is the document behind it; `was_confirmed` tells an option apart."""

    text: str
    was_confirmed: bool
    credit_note: Document | None = None


def outcome_of(booking: Booking) -> Outcome:
    """Read what became of the money of a booking that is cancelled, or whose option ran out."""
    if booking.confirmed_at is None:
        return Outcome(_given_up(booking), was_confirmed=False)
    line = booking.line
    if line is None or line.amount_incl == ZERO:
        return Outcome(_("Il n’y avait rien à payer."), was_confirmed=True)
    notes = Document.objects.filter(kind=DocumentKind.CREDIT_NOTE, lines__order_line=line)
    note = notes.order_by("-pk").first()
    given = note.total_incl if note is not None else ZERO
    sentences = [_returned(note)] if note is not None else [_("Rien ne vous est rendu.")]
    if given < line.amount_incl:
        sentences.append(_kept(booking, line.amount_incl - given))
    return Outcome(" ".join(sentences), was_confirmed=True, credit_note=note)


def _given_up(booking: Booking) -> str:
    """Nothing was taken, unless a payment crossed: that one goes back."""
    paid = booking.line is not None and (
        booking.line.order.payments.received().exists()
        or booking.line.order.payments.filter(state=Payment.State.PROCESSING).exists()
    )
    if paid:
        return _("Un paiement est arrivé entre-temps\u00a0: il vous est rendu en entier.")
    return _("Rien n’a été débité.")


def _returned(note: Document) -> str:
    """How the credit note's sum comes back: by card, at the desk, or off an unpaid invoice."""
    amount = {"amount": euros(note.total_incl, _language())}
    refunds = list(note.refunds.select_related("payment"))
    if not refunds:
        return _("%(amount)s sont déduits de votre facture, qui n’était pas réglée.") % amount
    lost = {Refund.State.FAILED, Refund.State.REFUSED}
    standing = [refund for refund in refunds if refund.state not in lost]
    if not standing:
        return (
            _("%(amount)s vous sont dus\u00a0: le remboursement n’a pas abouti, nous vous écrivons.") % amount
        )
    back = {"amount": euros(sum((each.amount for each in standing), start=Decimal(0)), _language())}
    if any(each.payment.at_desk for each in standing):
        return _("%(amount)s vous sont rendus à l’accueil, à votre prochaine venue.") % back
    return _("%(amount)s vous sont rendus sur la carte qui a payé, sous cinq à dix jours.") % back


def _kept(booking: Booking, kept: Decimal) -> str:
    """Why something is kept."""
    limit = free_until(booking).astimezone(booking.site.zone)
    said = {
        "kept": euros(kept, _language()),
        "day": day(limit.date(), _language()),
        "hour": hour(limit, _language()),
    }
    return _("%(kept)s sont gardés\u00a0: l’annulation gratuite s’arrêtait le %(day)s à %(hour)s.") % said


def _language() -> str:
    return get_language() or "fr"
