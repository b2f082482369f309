"""Who is invoiced for a rental, corrected by the manager before the final invoice."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.services.rentals.correcting import correct_buyer
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.rental_buyer_form import RentalBuyerForm
from cantine.gestion.views.balancing import won
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def rental_buyer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show who is invoiced, as accepted or corrected since, and take a correction."""
    if not request.user.has_perm("bookings.answer_rentalrequest"):
        raise PermissionDenied
    rental = won(request.user, pk)
    form = RentalBuyerForm(request.POST if request.method == "POST" else None, instance=rental.quote.buyer)
    status = 200
    if form.is_valid():
        try:
            correct_buyer(rental=rental, said=form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
            status = refused.status
        else:
            messages.success(request, _("C’est noté. Les factures à venir le diront ainsi."))
            return redirect("admin:bookings_rentalrequest_change", pk)
    elif form.is_bound:
        status = 422
    title = _("Qui est facturé pour la location de %(who)s") % {"who": rental.request}
    return shown.page(
        request, "gestion/rental_buyer.html", status=status, title=title, rental=rental, form=form
    )
