"""The private link of a rental request: who has it comes in, until its time is over."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bookings.models import RentalRequest
from bookings.views.requests import PageRequest

KEY = "the request's private key (192 bits), sent to who asked; after its time it shows nothing"
View = Callable[..., HttpResponseBase]


def by_link(view: View) -> Callable[..., HttpResponseBase]:
    """Find the request of a link; one whose time is over says so and nothing else.

    The address goes nowhere else: it is not indexed, not kept, and not told to pages that are linked to.
    (With `no-referrer` browsers would send « Origin: null » with the form, which Django refuses.)
    """

    @wraps(view)
    def found(request: PageRequest, key: str, **rest: Any) -> HttpResponseBase:
        rows = RentalRequest.objects.select_related("site__seller", "space__site")
        asked = get_object_or_404(rows.prefetch_related("extras__product"), key=key)
        if asked.opens_by_link(timezone.now()):
            response = view(request, asked, **rest)
        else:
            response = render(request, "bookings/rent_expired.html", {"section": "bookings:rent"}, status=410)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return found
