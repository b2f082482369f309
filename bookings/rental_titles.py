"""What the private page of a rental is called: request, quote, rental, invoice, as things stand."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing.models import Order
from bookings.models import Booking, RentalQuote, RentalRequest
from bookings.stay import period_of

State = RentalRequest.State


def title_of(request: RentalRequest, rental: RentalQuote | None, *, owes: bool, now: datetime) -> str:
    """What heads the page and its tab; `rental` is the version that counts, `owes` says an invoice is due."""
    if request.state == State.WON and rental is not None:
        return _won(rental, owes=owes, now=now)
    if is_invoiced_early(request, rental, now=now):
        return _("Votre location est facturée")
    said = {
        State.QUOTED: _("Votre devis de location"),
        State.WON: _("Votre location est confirmée"),
        State.DONE: _over(owes=owes),
        State.CANCELLED: _("Votre location est annulée"),
        State.LOST: _("Votre demande est close"),
    }
    return said.get(State(request.state), _("Votre demande de location"))


def is_invoiced_early(request: RentalRequest, rental: RentalQuote | None, *, now: datetime) -> bool:
    """Whether its balance was made and it is still to take place, or under way."""
    return request.state == State.DONE and rental is not None and now < period_of(rental).end


def _won(rental: RentalQuote, *, owes: bool, now: datetime) -> str:
    if not _is_sure(rental):
        return _("Votre location, à confirmer")
    return _("Votre location est confirmée") if now < period_of(rental).end else _over(owes=owes)


def _is_sure(rental: RentalQuote) -> bool:
    """Whether the place is taken for good: its advance was paid, or it did not wait for that."""
    order = rental.quote.advance_order
    if order is None or order.state == Order.State.ACCEPTED:
        return True
    return rental.options.filter(booking__state=Booking.State.CONFIRMED).exists()


def _over(*, owes: bool) -> str:
    return _("Votre facture de location") if owes else _("Votre location est terminée")
