"""My bookings: what is to come and what is over, one booking, calling it off."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.models import Document
from bookings.entrance import may_enter
from bookings.models import Booking, Space
from bookings.plan.locator import locate
from bookings.services import freeing, presence
from bookings.services.outcome import outcome_of
from bookings.views import wording
from bookings.views.qr import code_of
from bookings.views.requests import SignedInRequest
from members.access import signed_in
from members.errors import Refused
from members.models import User

PER_PAGE = 20
PAST, OFF = "passees", "annulees"
"""The lists beside what is to come, as the address calls them."""


@signed_in
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """List this person's bookings: to come (as stubs with what can be done), past, or cancelled."""
    now, view = timezone.now(), request.GET.get("vue", "")
    own = Booking.objects.visible_to(request.user)
    lists = {PAST: own.past(now), OFF: own.called_off()}
    listed = lists.get(view, own.upcoming(now)).select_related(
        "site", "space", "line__order", "customer", "booked_by", "presence"
    )
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "members:me",
        "view": view if view in lists else "",
        "past": view in lists,
        "page": page,
        "stubs": [stub_of(each) for each in page],
        "today": timezone.localdate(),
        "query": f"vue={view}&" if view in lists else "",
    }
    return render(request, "bookings/mine.html", context)


def stub_of(booking: Booking) -> dict[str, object]:
    """What a stub says beside the booking itself, told in the site's time."""
    zone = booking.site.zone
    period = booking.period.local(zone)
    return {
        "booking": booking,
        "period": period,
        "held_until": booking.held_until and booking.held_until.astimezone(zone),
    }


@signed_in
@require_safe
def booking(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show one booking: its ticket, the way in while it is time, and what can be done with it."""
    now = timezone.now()
    found = own_booking(request.user, reference)
    address = settings.PUBLIC_URL + reverse("bookings:booking", args=[found.reference])
    documents = Document.objects.visible_to(request.user).filter(order__lines__booking=found)
    context = {
        "section": "bookings:reserve",
        "booking": found,
        "period": found.period.local(found.site.zone),
        "may_enter": may_enter(found, now),
        "is_over": found.period.end <= now,
        "qr": code_of(address),
        "locator": locate(found.space, Space.objects.active().filter(floor=found.space.floor_id)),
        "documents": documents.select_related("seller").distinct(),
        "held_until": found.held_until and found.held_until.astimezone(found.site.zone),
        "outcome": None if found.is_active else outcome_of(found),
        **terms_of(found, now),
    }
    return render(request, "bookings/booking.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask before calling a booking off, naming it and its cost; then do it."""
    now, status, refusal = timezone.now(), 200, None
    found = own_booking(request.user, reference)
    if request.method == "POST":
        try:
            freeing.cancel_booking(booking=found, by=request.user, now=now)
            return redirect("bookings:booking", found.reference)
        except Refused as refused:
            refusal, status = refused, refused.status
            found.refresh_from_db()
    elif not found.is_active:
        return redirect("bookings:booking", found.reference)
    context = {
        "section": "members:me",
        "booking": found,
        "period": found.period.local(found.site.zone),
        "refusal": refusal,
        **terms_of(found, now),
    }
    return render(request, "bookings/cancel.html", context, status=status)


@signed_in
@require_POST
def arrive(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say that one has come; « Aujourd'hui » shows it from then on."""
    found = get_object_or_404(Booking.objects.coming(request.user), reference=reference)
    try:
        presence.arrive(booking=found, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Bonne journée à table."))
    return redirect("home")


def terms_of(booking: Booking, now: datetime) -> dict[str, str]:
    """What calling it off costs now, and what the button then says."""
    if not booking.is_active or booking.period.end <= now:
        return {"terms_text": "", "cancel_text": ""}
    if booking.state == Booking.State.HELD:
        return {"terms_text": wording.gives_up(), "cancel_text": wording.give_up()}
    terms = freeing.cancellation_terms(booking, now)
    return {"terms_text": wording.terms(terms), "cancel_text": wording.cancel_button(terms)}


def own_booking(user: User, reference: str) -> Booking:
    """One booking of this person with what its pages say of it, or 404."""
    own = Booking.objects.visible_to(user).select_related(
        "site", "space__floor", "line__order", "booked_by", "customer", "displaced_from"
    )
    return get_object_or_404(own, reference=reference)
