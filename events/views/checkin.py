"""The door of an event, on a phone: by name, by ticket, by camera; walk-ins; how many are here."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.door_form import WalkInForm
from events.errors import Full
from events.models import Attendance, Event, Seat
from events.services import attending
from events.views.requests import PersonRequest
from members.access import signed_in
from members.errors import Refused
from members.formats import hour

PER_PAGE = 50
ASKED_LENGTH = 80


def run_event(request: PersonRequest, slug: str) -> Event:
    """One event whose door this person keeps, by today's roles, or 404."""
    rows = Event.objects.run_by(request.user).select_related("site", "space")
    return get_object_or_404(rows.filter(erased_at=None), slug=slug, state=Event.State.PUBLISHED)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkin(request: PersonRequest, slug: str) -> HttpResponse:
    """Show who is expected and who is here; note arrivals, take one back, let someone in unannounced."""
    event = run_event(request, slug)
    if request.method != "POST":
        return _page(request, event, seen=_number(request.GET.get("vu")))
    match request.POST.get("do"):
        case "code":
            return _by_code(request, event)
        case "in" | "undo":
            return _by_name(request, event, undo=request.POST["do"] == "undo")
    return _walk_in(request, event)


@signed_in
@never_cache
@require_safe
def checkin_code(request: PersonRequest, slug: str, code: str) -> HttpResponse:
    """Show the ticket that a phone's own camera read: looking notes nothing, its button does."""
    event = run_event(request, slug)
    seat = attending.find_code(event, code)
    if seat is None:
        messages.error(request, _("Aucun billet de cet événement ne porte ce code."))
        return redirect("events:checkin", event.slug)
    return _page(request, event, seen=seat.pk)


@signed_in
@never_cache
@require_safe
def checkin_count(request: PersonRequest, slug: str) -> HttpResponse:
    """How many are here, for the page that stays open at the door."""
    event = run_event(request, slug)
    return render(request, "events/_door_count.html", {"event": event, "count": attending.count(event)})


def _page(
    request: PersonRequest,
    event: Event,
    *,
    seen: int | None = None,
    form: WalkInForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:ASKED_LENGTH]
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
        "form": form or WalkInForm(event=event),
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


def _back(event: Event, *, asked: str = "", seen: int | None = None) -> HttpResponse:
    query = urlencode({key: value for key, value in {"q": asked, "vu": seen}.items() if value})
    return redirect(reverse("events:checkin", args=[event.slug]) + (f"?{query}" if query else ""))


def _by_code(request: PersonRequest, event: Event) -> HttpResponse:
    seat = attending.find_code(event, request.POST.get("code", ""))
    if seat is None:
        messages.error(request, _("Aucun billet de cet événement ne porte ce code."))
        return _back(event)
    _arrive(request, event, seat)
    return _back(event, seen=seat.pk)


def _by_name(request: PersonRequest, event: Event, *, undo: bool) -> HttpResponse:
    rows = Seat.objects.select_related("registration")
    number = _number(request.POST.get("seat")) or 0
    seat = get_object_or_404(rows, registration__event=event, pk=number)
    if not undo:
        _arrive(request, event, seat)
    elif attending.undo_check_in(seat=seat):
        messages.success(request, _("L’arrivée de %(name)s est retirée.") % {"name": _name_of(seat)})
    return _back(event, asked=request.POST.get("q", "")[:ASKED_LENGTH], seen=seat.pk)


def _arrive(request: PersonRequest, event: Event, seat: Seat) -> None:
    """Note an arrival and say so; a ticket that was shown before is said so, with when and by whom."""
    try:
        attendance, first = attending.check_in(seat=seat, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.instead or ''}".strip())
        return
    name = {"name": _name_of(seat)}
    if first:
        messages.success(request, _("%(name)s est là.") % name)
    else:
        messages.warning(request, _twice(attendance, event) % {**name, **_when(attendance, event)})


def _twice(attendance: Attendance, event: Event) -> str:
    if attendance.by is None:
        return _("Ce billet a déjà servi à %(hour)s\u00a0: %(name)s.")
    return _("Ce billet a déjà servi à %(hour)s\u00a0: %(name)s, avec %(by)s à l’accueil.")


def _when(attendance: Attendance, event: Event) -> dict[str, str]:
    at = hour(attendance.at.astimezone(event.site.zone), get_language() or "fr")
    return {"hour": at, "by": str(attendance.by or "")}


def _walk_in(request: PersonRequest, event: Event) -> HttpResponse:
    form = WalkInForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, event, form=form, status=422)
    try:
        found = attending.let_in(event=event, by=request.user, now=timezone.now(), **form.asked())
    except Refused as refusal:
        return _page(request, event, form=form, refusal=refusal, status=refusal.status)
    messages.success(request, _("%(name)s est là.") % {"name": found.name})
    return _back(event, seen=found.places.get().pk)


def _name_of(seat: Seat) -> str:
    return seat.name or seat.registration.name


def _number(text: str | None) -> int | None:
    """A row's number as it stands in an address, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
