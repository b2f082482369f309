"""Writing an event on one page: what, when, where, with the rooms' free times and a preview."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.models import Site
from bookings.period import Period, at
from bookings.services import premises
from events import rights
from events.errors import Changed
from events.models import Event
from events.publish_form import spaces_of
from events.publish_parts import PublishForms
from events.services import publishing, writing
from events.services.room_times import room_times
from events.views.requests import PersonRequest, seen
from members.access import signed_in
from members.errors import Refused
from members.markdown import to_html

LOOK, SUBMIT, PUBLISH = "look", "submit", "publish"
EVENING = time(18, 30), time(20, 30)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest) -> HttpResponse:
    """Write a new event: kept as a draft, sent to who reviews, or published by who may."""
    now = timezone.now()
    if not rights.may_propose(request.user, now):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, PublishForms(initial=_first_values(now)), now=now)
    forms = PublishForms(request.POST, request.FILES)
    valid = forms.is_valid(published_at=now if request.POST.get("do") in {SUBMIT, PUBLISH} else None)
    if request.POST.get("do") == LOOK:
        return _page(request, forms, now=now, looked=True)
    if not valid:
        return _page(request, forms, now=now, status=422)
    event = writing.write_event(draft=forms.draft(), by=request.user, now=now)
    return _go_on(request, event, now=now)


def _first_values(now: datetime) -> dict[str, Any]:
    """Next week, at the hour of the place's evenings."""
    day, zone = timezone.localdate(now) + timedelta(days=7), timezone.get_current_timezone()
    return {
        "day": day,
        "starts": EVENING[0],
        "ends": EVENING[1],
        "starts_at": at(day, EVENING[0], zone),
        "ends_at": at(day, EVENING[1], zone),
    }


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Change an event; what was sent or published keeps its room, or takes the new one at once."""
    now, event = timezone.now(), own_event(request, slug)
    if request.method != "POST":
        return _page(request, PublishForms(event=event), event=event, now=now)
    forms = PublishForms(request.POST, request.FILES, event=event)
    valid = forms.is_valid(published_at=now if request.POST.get("do") in {SUBMIT, PUBLISH} else None)
    if request.POST.get("do") == LOOK:
        return _page(request, forms, event=event, now=now, looked=True)
    if not valid:
        return _page(request, forms, event=event, now=now, status=422)
    version = event.sequence
    try:
        changed = writing.change_event(
            event=event, draft=forms.draft(), by=request.user, now=now, read=seen(request)
        )
    except Refused as refusal:
        event = own_event(request, slug)
        return _page(request, forms, event=event, now=now, refusal=refusal, status=refusal.status)
    return _go_on(request, changed, now=now, told=changed.sequence != version)


def own_event(request: PersonRequest, slug: str) -> Event:
    """One event this person may change, or 404."""
    rows = Event.objects.editable_by(request.user)
    return get_object_or_404(
        rows.select_related("site__seller", "space", "category", "created_by"), slug=slug
    )


def _go_on(request: PersonRequest, event: Event, *, now: datetime, told: bool = False) -> HttpResponse:
    """Send or publish what was just kept, where that was asked; refused, the draft stays as written.

    `told` when something changed of which who registered is told.
    """
    do = request.POST.get("do")
    try:
        if do == SUBMIT and event.state == Event.State.DRAFT:
            publishing.submit_event(event=event, by=request.user, now=now)
            messages.success(request, _("C’est envoyé\u00a0: la salle est gardée, l’équipe vous répond."))
        elif do == PUBLISH and not event.is_published:
            publishing.publish_event(event=event, by=request.user, now=now)
            messages.success(request, _("Votre événement est publié."))
        elif told and (count := event.registrations.standing().count()):
            sentence = ngettext(
                "C’est enregistré\u00a0: %(count)s inscription est prévenue du changement.",
                "C’est enregistré\u00a0: %(count)s inscriptions sont prévenues du changement.",
                count,
            )
            messages.success(request, sentence % {"count": count})
        else:
            messages.success(request, _("C’est enregistré."))
    except Refused as refusal:
        said = (refusal.message, refusal.instead, _("Le brouillon est enregistré."))
        messages.error(request, " ".join(str(part) for part in said if part))
        return redirect("events:edit", event.slug)
    return redirect("events:desk", event.slug)


def _page(
    request: PersonRequest,
    forms: PublishForms,
    *,
    now: datetime,
    event: Event | None = None,
    refusal: Refused | None = None,
    looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "events:agenda",
        "forms": forms,
        "main": forms.main,
        "event": event,
        "refusal": refusal,
        "seen": _still_seen(request, event, refusal),
        "looked": looked,
        "may_publish": rights.may_publish(request.user),
        "show_errors": not looked and forms.main.is_bound and bool(forms.errors),
        "form_parts_open": forms.parts_with_errors,
        **preview_of(forms),
        **rooms_of(forms, event, now),
    }
    return render(request, "events/publish.html", context, status=status)


def _still_seen(request: PersonRequest, event: Event | None, refusal: Refused | None) -> str:
    """What the form says it was made from; who was told of a later version may keep theirs all the same."""
    if event is None:
        return ""
    posted = "" if isinstance(refusal, Changed) else request.POST.get("seen", "")
    return posted or event.changed_at.isoformat()


@signed_in
@require_POST
def preview(request: PersonRequest) -> HttpResponse:
    """Draw the page as it would be, from what is typed; nothing is kept."""
    forms = PublishForms(request.POST)
    forms.is_valid()
    return render(request, "events/_preview.html", preview_of(forms))


@signed_in
@require_POST
def rooms(request: PersonRequest) -> HttpResponse:
    """Tell which rooms are free on the day that is typed; nothing is kept."""
    event = Event.objects.editable_by(request.user).filter(slug=request.POST.get("event", "")).first()
    forms = PublishForms(request.POST)
    forms.is_valid()
    return render(request, "events/_rooms.html", rooms_of(forms, event, timezone.now()))


def _typed(forms: PublishForms) -> dict[str, Any]:
    """What is known of the form so far: what is right of it, or what it began with."""
    if forms.main.is_bound:
        return getattr(forms.main, "cleaned_data", {})
    typed = dict(forms.main.initial)
    if forms.event is not None:
        typed |= {"starts_at": forms.event.starts_at, "ends_at": forms.event.ends_at}
    return typed


def _site_of(forms: PublishForms, typed: dict[str, Any]) -> Site | None:
    """The site chosen, or the first."""
    chosen = typed.get("site")
    wanted, sites = getattr(chosen, "pk", chosen), premises.current().open_sites
    return next((site for site in sites if site.pk == wanted), sites[0] if sites else None)


def preview_of(forms: PublishForms) -> dict[str, Any]:
    """What the preview shows."""
    typed = _typed(forms)
    site, text = _site_of(forms, typed), str(typed.get("description") or "")
    start, end, where = typed.get("starts_at"), typed.get("ends_at"), typed.get("where")
    local = Period(start, end).local(site.zone) if site and start and end and start < end else None
    place = {Event.Where.ELSEWHERE: typed.get("place_name"), Event.Where.ONLINE: _("En ligne")}
    return {
        "preview": {
            "title": typed.get("title") or "",
            "category": typed.get("category"),
            "description": to_html(text) if text else "",
            "local": local,
            "place": place.get(where) if where in place else typed.get("space"),
        }
    }


def rooms_of(forms: PublishForms, event: Event | None, now: datetime) -> dict[str, Any]:
    """What the list of rooms shows: each with its free times that day."""
    typed = _typed(forms)
    site, day, space = _site_of(forms, typed), typed.get("day"), typed.get("space")
    if site is None or day is None:
        return {"rooms": [], "rooms_day": None, "chosen_space": None}
    spaces = spaces_of(site)
    told = room_times(site=site, spaces=spaces, day=day, asked=_asked(typed), now=now, without=event)
    return {"rooms": told, "rooms_day": day, "chosen_space": getattr(space, "pk", space)}


def _asked(typed: dict[str, Any]) -> Period | None:
    """What the event would take, setting up and clearing included."""
    start, end = typed.get("starts_at"), typed.get("ends_at")
    if start is None or end is None or start >= end:
        return None
    before, after = (int(typed.get(name) or 0) for name in ("setup_minutes", "clearing_minutes"))
    return Period(start - timedelta(minutes=before), end + timedelta(minutes=after))
