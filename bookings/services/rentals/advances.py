"""What billing asks of rentals: lines of kind "rental_advance" are accepted, expire, are given up or said."""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.documents.sums import rate
from billing.fulfilment import Summary
from billing.models import Document, OrderLine, Quote
from bookings.models import Booking, RentalQuote, RentalRequest
from bookings.quote_words import rental_when, rental_where
from bookings.services.rentals import options, second_rank, telling
from bookings.services.rentals.quoting import lock_rental, lock_request

CONFIRMED = Quote.Confirmation.ON_ACCEPTANCE


class RentalAdvances:
    """The handler of lines of kind "rental_advance", one a rate; its steps run with the order locked."""

    def accept(self, line: OrderLine, *, now: datetime) -> bool:
        """Step: make the spaces sure; those whose hold ran out are taken back if they are still free."""
        rental = _locked(line)
        if rental.request.state != RentalRequest.State.WON:  # paid after the rental ended: it goes back
            telling.owe_news(rental, "over")
            return False
        if not options.confirm(rental, now=now):
            telling.owe_news(rental, "gone" if now < rental.taken_period.end else "late")
            return False
        return True

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: datetime) -> bool:
        """Step: owe the confirmation, once for all rates; it carries the advance invoice."""
        rental = _of(line)
        telling.owe_confirmed(rental, document)
        return document is not None

    def expire(self, line: OrderLine, *, now: datetime) -> None:
        """Step: the advance did not come in time: what it held is free, both sides are told."""
        rental = _locked(line)
        if _is_sure(rental):
            telling.owe_desk(rental, "unpaid")
            return
        options.run_out(rental, now=now)
        telling.owe_news(rental, "unpaid")
        telling.owe_desk(rental, "unpaid")

    def cancel(self, line: OrderLine, *, now: datetime) -> None:
        """Step: the advance is given up; what was sure stays so until somebody decides."""
        rental = _locked(line)
        if rental.request.state != RentalRequest.State.WON:  # the rental ended first, and that is said
            return
        telling.owe_desk(rental, "given_up")
        if _is_sure(rental):
            return
        request = rental.request
        request.state, request.closed_at = RentalRequest.State.CANCELLED, now
        request.save(update_fields=["state", "closed_at"])
        second_rank.let_go(rental, now=now)

    def prolong(self, line: OrderLine, *, until: datetime) -> None:
        """Step: hold until then."""
        options.keep(_of(line), until=until)

    def summary(self, line: OrderLine) -> Summary:
        """Say what the advance is for, on the pay page."""
        rental = _of(line)
        said = {
            "percent": rate(Decimal(rental.quote.advance_percent), get_language() or "fr"),
            "number": rental.quote.number,
        }
        return Summary(
            when=rental_when(rental),
            title=_("Acompte de %(percent)s sur le devis %(number)s") % said,
            note=rental_where(rental),
            change_url=rental.request.get_absolute_url(),
            change_text=_("Relire le devis"),
            give_up_url=reverse("bookings:rent_cancel", args=[rental.request.key]),
            hold_label=_("Espace gardé jusqu’à") if not _is_sure(rental) else _("À payer avant"),
        )

    def page(self, line: OrderLine) -> str:
        """The private page of the request."""
        return _of(line).request.get_absolute_url()


def _of(line: OrderLine) -> RentalQuote:
    return RentalQuote.objects.told().get(quote__advance_order=line.order_id)


def _locked(line: OrderLine) -> RentalQuote:
    """The request, then the quote; the order is locked by the caller."""
    rental = _of(line)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    found.request = request
    return found


def _is_sure(rental: RentalQuote) -> bool:
    return rental.options.filter(booking__state=Booking.State.CONFIRMED).exists()
