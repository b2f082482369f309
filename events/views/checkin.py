"""The door of an event, on a phone: by name, by ticket, by camera; walk-ins; how many are here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Event
from events.services import attending
from events.views.door_page import (
    ASKED_LENGTH,
    arrive,
    back_to_door,
    door_page,
    name_of,
    number,
    run_event,
    seat_posted,
)
from events.views.door_sales import pay, walk_in
from events.views.requests import PersonRequest
from members.access import signed_in


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkin(request: PersonRequest, slug: str) -> HttpResponse:
    """Show who is expected and who is here; note arrivals, take one back, let someone in unannounced."""
    event = run_event(request, slug)
    if request.method != "POST":
        return door_page(request, event, seen=number(request.GET.get("vu")))
    match request.POST.get("do"):
        case "code":
            return _by_code(request, event)
        case "in" | "undo":
            return _by_name(request, event, undo=request.POST["do"] == "undo")
        case "pay":
            return pay(request, event)
    return walk_in(request, event)


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
    return door_page(request, event, seen=seat.pk)


@signed_in
@never_cache
@require_safe
def checkin_count(request: PersonRequest, slug: str) -> HttpResponse:
    """How many are here, for the page that stays open at the door."""
    event = run_event(request, slug)
    return render(request, "events/_door_count.html", {"event": event, "count": attending.count(event)})


def _by_code(request: PersonRequest, event: Event) -> HttpResponse:
    seat = attending.find_code(event, request.POST.get("code", ""))
    if seat is None:
        messages.error(request, _("Aucun billet de cet événement ne porte ce code."))
        return back_to_door(event)
    arrive(request, event, seat)
    return back_to_door(event, seen=seat.pk)


def _by_name(request: PersonRequest, event: Event, *, undo: bool) -> HttpResponse:
    seat = seat_posted(request, event)
    if not undo:
        arrive(request, event, seat)
    elif attending.undo_check_in(seat=seat):
        messages.success(request, _("L’arrivée de %(name)s est retirée.") % {"name": name_of(seat)})
    return back_to_door(event, asked=request.POST.get("q", "")[:ASKED_LENGTH], seen=seat.pk)
