"""Cancelling a rental by the private link: what it costs is read before."""

from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing.models import Quote
from bookings.models import RentalRequest
from bookings.quote_words import cost_facts, language
from bookings.services.rentals.cancelling import cancel_rental, cost_now, may_be_cancelled
from bookings.views.rent_followed import context_of
from bookings.views.rent_link import KEY, by_link
from bookings.views.requests import PageRequest
from members.access import with_key
from members.errors import Refused

NO_SUM = Decimal(-1)


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def cancel(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Show the scale and what is kept, then cancel."""
    rows, now, refusal = asked.quotes.told().prefetch_related("quote__lines"), timezone.now(), None
    rental = get_object_or_404(rows, quote__state=Quote.State.ACCEPTED)
    if request.method == "POST":
        try:
            cancel_rental(rental=rental, by=None, now=now, kept_shown=kept_shown(request))
            return redirect(asked)
        except Refused as refused:
            refusal = refused
            asked.refresh_from_db()
    elif not may_be_cancelled(rental, now=now):
        return redirect(asked)
    cost = cost_now(rental, now=now)
    context = {
        **context_of(asked),
        "cost": cost,
        "costs": cost_facts(rental, cost, language()),
        "may_cancel": may_be_cancelled(rental, now=now),
        "refusal": refusal,
    }
    return render(request, "bookings/rent_cancel.html", context, status=refusal.status if refusal else 200)


def kept_shown(request: HttpRequest) -> Decimal:
    """What the page said is kept; what is no sum is none that stands."""
    try:
        kept = Decimal(request.POST.get("kept", ""))
    except InvalidOperation:
        return NO_SUM
    return kept if kept.is_finite() else NO_SUM
