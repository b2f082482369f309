"""The file behind « Ajouter à mon agenda »."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from bookings import calendars
from bookings.models import Booking
from bookings.views.requests import SignedInRequest
from members.access import signed_in


@signed_in
@require_safe
def ics(request: SignedInRequest, reference: str) -> HttpResponse:
    """Give one booking of this person as a calendar; called off, it takes the entry away."""
    bookings = Booking.objects.visible_to(request.user).exclude(state=Booking.State.HELD)
    booking = get_object_or_404(
        bookings.select_related("site", "space", "booked_by", "customer"), reference=reference
    )
    response = HttpResponse(calendars.download_of(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{booking.reference}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
