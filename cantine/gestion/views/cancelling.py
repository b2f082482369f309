"""Cancelling a booking for someone, with what it gives back said before."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.services.freeing import cancel_booking, cancellation_terms
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.forms import CancelForm
from cantine.gestion.views.desk import one_booking
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, naming the booking and what is given back; then cancel."""
    booking, now = one_booking(request.user, pk), timezone.now()
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_booking(booking=booking, by=request.user, now=now, waive=form.cleaned_data["waive"])
        except Refused as refused:
            shown.refuse(request, refused)
            return redirect("admin:cancel_booking", pk=pk)
        said = {"reference": booking.reference, "who": booking.customer}
        messages.success(request, _("%(who)s\u00a0: la réservation %(reference)s est annulée.") % said)
        return redirect("admin:bookings_booking_change", pk)
    terms = cancellation_terms(booking, now)
    title = _("Annuler la réservation %(reference)s\u202f?") % {"reference": booking.reference}
    period = booking.period.local(booking.site.zone)
    context: dict[str, Any] = {
        "booking": booking,
        "period": period,
        "terms": terms,
        "paid": terms.kept + terms.refunded,
    }
    return shown.page(request, "gestion/cancel.html", title=title, form=form, **context)
