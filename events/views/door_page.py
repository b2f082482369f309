"""The page of an event's door: who is expected, who is here, and what was just seen."""

from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import rights
from events.door_form import MeansForm, WalkInForm
from events.errors import Full
from events.models import Attendance, Event, Seat
from events.services import attending
from events.views.requests import PersonRequest
from members.errors import Refused
from members.formats import hour

PER_PAGE = 50
ASKED_LENGTH = 80


def run_event(request: PersonRequest, slug: str) -> Event:
    """One event whose door this person keeps, by today's roles, or 404."""
    rows = Event.objects.run_by(request.user).select_related("site", "space")
    return get_object_or_404(rows.filter(erased_at=None), slug=slug, state=Event.State.PUBLISHED)


def door_page(
    request: PersonRequest,
    event: Event,
    *,
    seen: int | None = None,
    form: WalkInForm | None = None,
    due: Decimal | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the door; `due` is what the person of `form` is to pay before they enter."""
    asked = request.GET.get("q", "").strip()[:ASKED_LENGTH]
    takes_money = rights.may_take_money(request.user, event)
    seats = attending.seats_of(event)
    context = {
        "section": "events:agenda",
        "event": event,
        "local": event.local,
        "count": attending.count(event),
        "asked": asked,
        "page": Paginator(_named(seats, asked), PER_PAGE).get_page(request.GET.get("page")),
        "seen": Seat.objects.filter(registration__event=event, pk=seen or 0)
        .select_related("registration__ticket", "attendance__by")
        .first(),
        "form": form or WalkInForm(event=event, takes_money=takes_money),
        "due": due,
        "means": MeansForm(auto_id="regler-%s") if takes_money else None,
        "refusal": refusal,
        "is_full": isinstance(refusal, Full),
    }
    return render(request, "events/checkin.html", context, status=status)


def _named(seats: "QuerySet[Seat]", asked: str) -> "QuerySet[Seat]":
    """Those whose name, or the name they came under, holds each word."""
    for word in asked.split():
        named = Q(name__icontains=word) | Q(registration__name__icontains=word)
        seats = seats.filter(named | Q(registration__email__istartswith=word))
    return seats


def back_to_door(event: Event, *, asked: str = "", seen: int | None = None) -> HttpResponse:
    """Back to the page, at what was searched for, with what was just seen."""
    query = urlencode({key: value for key, value in {"q": asked, "vu": seen}.items() if value})
    return redirect(reverse("events:checkin", args=[event.slug]) + (f"?{query}" if query else ""))


def arrive(request: PersonRequest, event: Event, seat: Seat) -> None:
    """Note an arrival and say so; a ticket that was shown before is said so, with when and by whom."""
    try:
        attendance, first = attending.check_in(seat=seat, by=request.user, now=timezone.now())
    except Refused as refusal:
        say_no(request, refusal)
        return
    name = {"name": name_of(seat)}
    if first:
        messages.success(request, _("%(name)s est là.") % name)
    else:
        messages.warning(request, _twice(attendance) % {**name, **_when(attendance, event)})


def say_no(request: PersonRequest, refusal: Refused) -> None:
    """Say why something cannot be, and what could."""
    messages.error(request, f"{refusal.message} {refusal.instead or ''}".strip())


def _twice(attendance: Attendance) -> str:
    if attendance.by is None:
        return _("Ce billet a déjà servi à %(hour)s\u00a0: %(name)s.")
    return _("Ce billet a déjà servi à %(hour)s\u00a0: %(name)s, avec %(by)s à l’accueil.")


def _when(attendance: Attendance, event: Event) -> dict[str, str]:
    at = hour(attendance.at.astimezone(event.site.zone), get_language() or "fr")
    return {"hour": at, "by": str(attendance.by or "")}


def name_of(seat: Seat) -> str:
    """Who sits there, or under whose name."""
    return seat.name or seat.registration.name


def seat_posted(request: PersonRequest, event: Event) -> Seat:
    """The seat that a button of the page names, or 404."""
    rows = Seat.objects.select_related("registration__line__order")
    return get_object_or_404(rows, registration__event=event, pk=number(request.POST.get("seat")) or 0)


def number(text: str | None) -> int | None:
    """A row's number as it stands in an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
