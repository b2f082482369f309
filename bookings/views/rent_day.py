"""The day of a rental by the private link: the access sheet before it, what one thought of it after."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing.models import Quote
from bookings.access_sheet import sheet_of
from bookings.models import RentalFeedback, RentalQuote, RentalRequest
from bookings.opinion_form import RentalOpinionForm
from bookings.quote_words import stay_said
from bookings.services.rentals.staying import HAPPENS
from bookings.services.rentals.thanking import EDITABLE, give_feedback, is_over, may_change
from bookings.stay import stay_of
from bookings.views.rent_link import KEY, by_link
from bookings.views.requests import PageRequest
from members.access import with_key
from members.errors import Refused


@with_key(KEY)
@never_cache
@require_safe
@by_link
def sheet(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Show the access sheet, to read on a phone or to print; before the rental is sure there is none."""
    rental = won(asked) if asked.state in HAPPENS else None
    found = sheet_of(rental, now=timezone.now()) if rental is not None else None
    if found is None:
        return redirect(asked)
    site = asked.site
    context = {
        "section": "bookings:rent",
        "private": True,
        "request_asked": asked,
        "site": site,
        "sheet": found,
        "waits_for_codes": not found.entering and bool(site.door_code or site.wifi_name),
    }
    return render(request, "bookings/rent_sheet.html", context)


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def feedback(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Ask what who rented thought of it; for some days they may say it otherwise."""
    rental, now, refusal = won(asked), timezone.now(), None
    stay = stay_of(rental)
    if stay is None or not is_over(rental, now=now):
        return redirect(asked)
    given = RentalFeedback.objects.filter(rental=rental).first()
    form = form_of(request, given)
    if request.method == "POST" and form.is_valid():
        try:
            give_feedback(rental=rental, now=now, **form.cleaned_data)
            return redirect("bookings:rent_feedback", asked.key)
        except Refused as refused:
            refusal = refused
    context = {
        "section": "bookings:rent",
        "private": True,
        "request_asked": asked,
        "said": stay_said(rental, stay),
        "given": given,
        "days": EDITABLE.days,
        "may_change": given is None or may_change(given, now=now),
        "form": form,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "bookings/rent_feedback.html", context, status=status)


def form_of(request: PageRequest, given: RentalFeedback | None) -> RentalOpinionForm:
    """The form as it was sent, else with what was said."""
    if request.method == "POST":
        return RentalOpinionForm(request.POST)
    if given is None:
        return RentalOpinionForm()
    again = "oui" if given.again else "non"
    return RentalOpinionForm(initial={"rating": given.rating, "again": again, "text": given.text})


def won(asked: RentalRequest) -> RentalQuote:
    """The quote by which a request was won, or a 404."""
    rows = asked.quotes.told().select_related("balance").prefetch_related("quote__lines")
    return get_object_or_404(rows, quote__state=Quote.State.ACCEPTED)
