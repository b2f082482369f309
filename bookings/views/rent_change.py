"""Asking for a change by the private link: what is written reaches who answers, with a receipt."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.errors_rental import TooManyRequests
from bookings.models import RentalLayout, RentalRequest
from bookings.rental_change_form import RentalChangeForm
from bookings.services.rentals.changing import ask_change, may_ask_change
from bookings.stay import Party, party_of, period_of
from bookings.views.rent_link import KEY, by_link
from bookings.views.rent_quote import latest_of
from bookings.views.requests import PageRequest
from members.access import with_key
from members.errors import Refused


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def change(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Show things as they stand, then take what is to be otherwise."""
    rental, now, refusal = latest_of(asked), timezone.now(), None
    if not may_ask_change(asked, rental, now=now):
        return redirect(asked)
    form = RentalChangeForm(
        request.POST if request.method == "POST" else None,
        asked=asked,
        period=period_of(rental) if rental is not None else asked.period,
        party=party_of(rental) if rental is not None else Party(asked.people, asked.layout),
        layouts=layouts_of(asked),
        now=now,
    )
    if form.is_valid():
        try:
            if not ratelimit.consume(request, action="ask_change", key=str(asked.pk)):
                raise TooManyRequests
            ask_change(request=asked, wanted=form.wanted(), now=now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Votre demande de changement est partie. Nous vous répondons."))
            return redirect(asked)
    context = {"section": "bookings:rent", "private": True, "request_asked": asked, "form": form}
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "bookings/rent_change.html", {**context, "refusal": refusal}, status=status)


def layouts_of(asked: RentalRequest) -> list[str]:
    """The layouts of the space asked for; of all that the site rents where there is none."""
    rows = RentalLayout.objects.filter(rental_space__space__site=asked.site)
    if asked.space is not None:
        rows = rows.filter(rental_space__space=asked.space)
    return list(rows.values_list("kind", flat=True).distinct())
