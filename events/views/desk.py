"""What organisers do beside writing: their list, an event's desk with who comes, review, cancelling."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.expressions import OrderBy
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import rights
from events.album import ALBUM
from events.exports import table_of
from events.models import Attendance, Event, Registration
from events.services import leaving, publishing, writing
from events.views.event_page import find_event
from events.views.publishing import own_event
from events.views.requests import PersonRequest, seen
from members.access import public, signed_in
from members.errors import Refused
from members.markdown import to_html
from members.services.reading import note_list

PER_PAGE = 100
DAY = 24 * 3600
"""How long a public picture is kept elsewhere: its event may become the members' own."""


@signed_in
@never_cache
@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """List what this person comes to, what they organise, and what waits for their word."""
    now, person = timezone.now(), request.user
    coming = Registration.objects.made_by(person).filter(
        state__in=["waiting", "held", "confirmed"], event__ends_at__gt=now, event__state=Event.State.PUBLISHED
    )
    looked_after = Event.objects.looked_after_by(person).filter(
        Q(created_by=person) | Q(organisers__user=person)
    )
    context = {
        "section": "events:agenda",
        "coming": coming.select_related("event__site", "event__space").order_by("event__starts_at"),
        "organised": Paginator(
            looked_after.distinct().select_related("site", "space").order_by(*_next_first(now)), 30
        ).get_page(request.GET.get("page")),
        "to_review": Event.objects.reviewable_by(person).select_related("site", "space", "created_by"),
        "may_propose": rights.may_propose(person, now),
        "now": now,
    }
    return render(request, "events/mine.html", context)


def _next_first(now: datetime) -> tuple[OrderBy, str]:
    """What is to come, soonest first; then what is over, latest first."""
    to_come = Case(When(ends_at__gt=now, then=F("starts_at")))
    return to_come.asc(nulls_last=True), "-starts_at"


@signed_in
@never_cache
@require_safe
def desk(request: PersonRequest, slug: str) -> HttpResponse:
    """Show where an event stands and what can be done with it; who comes, to those who run it."""
    return _desk(request, event_at_desk(request, slug))


def event_at_desk(request: PersonRequest, slug: str) -> Event:
    """One event this person may change or run, or 404."""
    rows = Event.objects.looked_after_by(request.user)
    return get_object_or_404(
        rows.select_related("site__seller", "space", "category", "created_by"), slug=slug
    )


def _desk(
    request: PersonRequest, event: Event, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    runs = Event.objects.run_by(request.user).filter(pk=event.pk).exists()
    may_change = Event.objects.editable_by(request.user).filter(pk=event.pk).exists()
    listed = event.registrations.standing().filter(erased_at=None).select_related("ticket", "line")
    others = event.registrations.standing().filter(email=OuterRef("email")).exclude(pk=OuterRef("pk"))
    listed = listed.annotate(
        came=Exists(Attendance.objects.filter(seat__registration=OuterRef("pk"))),
        is_again=Exists(others.exclude(email="")),
    )
    page = Paginator(
        listed.prefetch_related("places", "answers__question").order_by("state", "created_at", "pk"), PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "section": "events:agenda",
        "event": event,
        "local": event.local,
        "description": to_html(event.description),
        "runs": runs,
        "may_change": may_change,
        "page": page if runs else None,
        "waiting": event.registrations.waiting().count() if runs else 0,
        "reviews": event.reviews.select_related("by"),
        "may_publish": rights.may_publish(request.user) and runs,
        "may_review": rights.reviews(request.user, event),
        "seen": event.changed_at.isoformat(),
        "is_planned": event.is_planned(now),
        "is_over": event.is_over(now),
        "refusal": refusal,
    }
    return render(request, "events/desk.html", context, status=status)


@signed_in
@require_POST
def decide(request: PersonRequest, slug: str) -> HttpResponse:
    """Submit, publish or send back an event, with the reviewer's words."""
    event, now = own_event(request, slug), timezone.now()
    do, comment = request.POST.get("do", ""), request.POST.get("comment", "")
    try:
        if do == "submit":
            publishing.submit_event(event=event, by=request.user, now=now)
            messages.success(request, _("C’est envoyé\u00a0: la salle est gardée, l’équipe vous répond."))
        elif do == "publish":
            publishing.publish_event(
                event=event, by=request.user, now=now, comment=comment, read=seen(request)
            )
            messages.success(request, _("L’événement est publié."))
        elif do == "send_back":
            publishing.send_back(event=event, by=request.user, comment=comment, now=now)
            messages.success(request, _("L’événement est rendu à qui l’a écrit, avec votre commentaire."))
            return redirect("events:mine")
    except Refused as refusal:
        return _desk(request, own_event(request, slug), refusal=refusal, status=refusal.status)
    return redirect("events:desk", event.slug)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask before calling an event off, saying how many are told and refunded; then do it."""
    event, refusal = own_event(request, slug), None
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            publishing.cancel_event(event=event, by=request.user, reason=reason, now=timezone.now())
            messages.success(
                request, _("L’événement est annulé\u00a0: chaque personne inscrite est prévenue.")
            )
            return redirect("events:mine")
        except Refused as refused:
            refusal, event = refused, own_event(request, slug)
    context = {
        "section": "events:agenda",
        "event": event,
        "local": event.local,
        "told": event.registrations.standing().count(),
        "refusal": refusal,
    }
    status = refusal.status if refusal is not None else 200
    return render(request, "events/cancel_event.html", context, status=status)


@signed_in
@require_POST
def duplicate(request: PersonRequest, slug: str) -> HttpResponse:
    """Start a new event from one this person may read."""
    now = timezone.now()
    if not rights.may_propose(request.user, now):
        raise PermissionDenied
    copy = writing.duplicate_event(event=find_event(request, slug), by=request.user, now=now)
    messages.success(request, _("Voici la copie\u00a0: choisissez sa date."))
    return redirect("events:edit", copy.slug)


@signed_in
@never_cache
@require_safe
def registrations_csv(request: PersonRequest, slug: str) -> HttpResponse:
    """Give who comes as a table, to who runs the event."""
    event = get_object_or_404(Event.objects.run_by(request.user), slug=slug)
    note_list(
        reader=request.user,
        page=request.path,
        asked=request.GET,
        people=event.registrations.standing().filter(erased_at=None).count(),
        now=timezone.now(),
        is_file=True,
    )
    response = HttpResponse(table_of(event), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="inscriptions-{event.slug}.csv"'
    return response


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Take someone's registration back for them, everything refunded; asked first."""
    event = get_object_or_404(Event.objects.run_by(request.user).select_related("site"), slug=slug)
    found = get_object_or_404(
        event.registrations.select_related("event__site", "event__space", "line__order"), pk=number
    )
    refusal = None
    if request.method == "POST":
        try:
            leaving.cancel_registration(registration=found, by=request.user, now=timezone.now(), waive=True)
            messages.success(request, _("L’inscription de %(name)s est annulée.") % {"name": found.name})
            return redirect("events:desk", event.slug)
        except Refused as refused:
            refusal = refused
    context = {
        "section": "events:agenda",
        "event": event,
        "local": event.local,
        "registration": found,
        "refusal": refusal,
    }
    return render(request, "events/withdraw.html", context, status=refusal.status if refusal else 200)


@public
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give an event's picture to whoever may read that event."""
    having = Event.objects.filter(Q(picture=name) | Q(picture_small=name))
    shown = having.visible_to(request.user, timezone.now())
    if not shown.exists():
        raise Http404
    try:
        response = FileResponse(ALBUM.open(name), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    everyone = having.public(timezone.now()).exists()
    response["Cache-Control"] = f"{'public' if everyone else 'private'}, max-age={DAY if everyone else 0}"
    response["Content-Disposition"] = "inline"
    return response
