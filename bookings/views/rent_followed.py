"""The private page of a rental request: whoever has its link follows it, and may take it back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings import rental_words
from bookings.models import RentalRequest
from bookings.rental_facts import facts_of, price_said
from bookings.services.rentals.requesting import withdraw_request
from bookings.views.requests import PageRequest
from members.access import with_key
from members.errors import Refused

KEY = "the request's private key (192 bits), sent to who asked; after its time it shows nothing"
View = Callable[[PageRequest, RentalRequest], HttpResponse]


def by_link(view: View) -> Callable[[PageRequest, str], HttpResponse]:
    """Find the request of a link; one whose time is over says so and nothing else.

    The address goes nowhere else: it is not indexed, not kept, and not told to pages that are linked to.
    (With `no-referrer` browsers would send « Origin: null » with the form, which Django refuses.)
    """

    @wraps(view)
    def found(request: PageRequest, key: str) -> HttpResponse:
        rows = RentalRequest.objects.select_related("site__seller", "space__site")
        asked = get_object_or_404(rows.prefetch_related("extras__product"), key=key)
        if asked.opens_by_link(timezone.now()):
            response = view(request, asked)
        else:
            response = render(request, "bookings/rent_expired.html", {"section": "bookings:rent"}, status=410)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return found


@with_key(KEY)
@never_cache
@require_safe
@by_link
def followed(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Show what was asked, where it stands and what comes next."""
    return render(request, "bookings/rent_followed.html", context_of(asked))


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def withdraw(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Ask before taking a request back, then do it."""
    refusal = None
    if request.method == "POST":
        try:
            return redirect(withdraw_request(request=asked, now=timezone.now()))
        except Refused as refused:
            refusal = refused
            asked.refresh_from_db()
    elif not asked.may_be_withdrawn:
        return redirect(asked)
    context = {**context_of(asked), "refusal": refusal}
    return render(request, "bookings/rent_withdraw.html", context, status=refusal.status if refusal else 200)


def context_of(asked: RentalRequest) -> dict[str, Any]:
    """What both pages say."""
    now_said, next_said = rental_words.standing(asked)
    return {
        "section": "bookings:rent",
        "site": asked.site,
        "request_asked": asked,
        "local": asked.local,
        "facts": facts_of(asked),
        "price": price_said(asked),
        "steps": rental_words.steps(asked),
        "now_said": now_said,
        "next_said": next_said,
        "link_until": asked.link_until.astimezone(asked.site.zone),
        "private": True,
    }
