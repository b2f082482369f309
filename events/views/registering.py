"""Registering, and the private page of a registration: whoever has its key may pay, accept or leave."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.models import OrderLine
from billing.money import ZERO
from bookings.views.qr import code_of
from events import calendars
from events.errors import TooOften
from events.models import Event, Registration, Seat
from events.outcome import outcome_of
from events.register_form import RegisterForm, tickets_on_sale
from events.services import leaving
from events.services.addressing import may_be_corrected
from events.services.registering import register as register_for
from events.services.waiting import accept_offer
from events.views import registered_here
from events.views.event_page import find_event, render_event
from events.views.requests import person_of
from events.views.wording import already_said, leave_button, leave_terms, queue_sentence
from members.access import public, with_key
from members.errors import Refused
from members.inputs import focus_first_error
from members.texts import typed

KEY = "the registration's private key (192 bits), sent to who registered"
CODE = "the ticket's code (48 bits), which says no more than its event"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the form of the event's page; refused, the page comes back with what was typed."""
    event, now = find_event(request, slug), timezone.now()
    if request.method != "POST":
        return redirect(f"{event.get_absolute_url()}#inscription")
    person, tickets = person_of(request), tickets_on_sale(event, now)
    form = RegisterForm(typed(request.POST), event=event, tickets=tickets, user=person, now=now)
    if not tickets or not form.is_valid():
        focus_first_error(form)
        return render_event(request, event, form=form, status=422)
    again = registered_here.found_again(request, event, form.asked(), now) if person is None else None
    if again is not None:
        messages.info(request, already_said(again))
        return redirect(next_step(again))
    try:
        if person is None and not ratelimit.consume(
            request, action="register_for_event", key=form.cleaned_data["email"].lower()
        ):
            raise TooOften
        found = register_for(
            event=event, user=person, language=get_language() or "fr", now=now, **form.asked()
        )
    except Refused as refusal:
        return render_event(
            request, find_event(request, slug), form=form, refusal=refusal, status=refusal.status
        )
    if person is None:
        registered_here.remember(request, found)
    return redirect(next_step(found))


def next_step(registration: Registration) -> str:
    """Where one goes from here: to pay what is held, or to the registration's page."""
    line = registration.line
    if registration.state == Registration.State.HELD and line is not None and not registration.is_offer:
        return reverse("billing:pay", args=[line.order.public_id])
    return registration.get_absolute_url()


def by_key(key: str) -> Registration:
    """One registration by its private key, with what its pages say, or 404."""
    rows = Registration.objects.select_related(
        "event__site__seller", "event__space", "ticket", "line__order", "user", "customer"
    )
    return get_object_or_404(rows.filter(erased_at=None), key=key)


@with_key(KEY)
@never_cache
@require_safe
def registration(request: HttpRequest, key: str) -> HttpResponse:
    """Show a registration: its tickets, its offer or its place in the list, and what can be done with it."""
    return _page(request, by_key(key))


def _page(
    request: HttpRequest, found: Registration, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    now, event = timezone.now(), found.event
    sure = found.state == Registration.State.CONFIRMED
    seats = list(found.places.all()) if sure else []
    context = {
        "section": "events:agenda",
        "registration": found,
        "event": event,
        "local": event.local,
        "tickets": [(seat, code_of(calendars.address_of(seat))) for seat in seats],
        "amount": found.total,
        "is_paid": found.line is not None and found.line.state == OrderLine.State.FULFILLED,
        "over": event.is_over(now),
        "begun": event.starts_at <= now,
        "held_until": found.held_until and found.held_until.astimezone(event.site.zone),
        "is_late": found.held_until is not None and found.held_until <= now,
        "may_correct": may_be_corrected(found),
        "queue": queue_sentence(found),
        "outcome": outcome_of(found) if found.state == Registration.State.CANCELLED else "",
        "refusal": refusal,
        "private": True,
    }
    return render(request, "events/registration.html", context, status=status)


@with_key(KEY)
@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Take the seats that were offered: at once if nothing is to pay, else on the way to paying them."""
    found = by_key(key)
    if found.line is not None and found.state == Registration.State.HELD:
        return redirect("billing:pay", found.line.order.public_id)
    try:
        return redirect(accept_offer(registration=found, now=timezone.now()))
    except Refused as refusal:
        return _page(request, by_key(key), refusal=refusal, status=refusal.status)


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Ask before giving seats back, naming the event and what comes back; then do it."""
    found, now, refusal = by_key(key), timezone.now(), None
    if request.method == "POST":
        try:
            return redirect(leaving.cancel_registration(registration=found, by=person_of(request), now=now))
        except Refused as refused:
            refusal, found = refused, by_key(key)
    elif not found.is_standing:
        return redirect(found)
    kept = leaving.kept_at(found, now)
    paid = found.line is not None and found.line.state == OrderLine.State.FULFILLED
    context = {
        "section": "events:agenda",
        "registration": found,
        "event": found.event,
        "local": found.event.local,
        "refusal": refusal,
        "terms_text": leave_terms(found, kept=kept, paid=paid),
        "leave_text": leave_button(found, nothing_back=paid and kept > ZERO),
        "may_leave": found.is_standing,
    }
    status = refusal.status if refusal is not None else 200
    return render(request, "events/leave.html", context, status=status)


@with_key(KEY)
@require_safe
def ics(request: HttpRequest, key: str) -> HttpResponse:
    """Give a registration as a calendar; called off, it takes the entry away."""
    response = HttpResponse(calendars.download_of(by_key(key)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="evenement.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@with_key(CODE)
@never_cache
@require_safe
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """What a camera finds in a ticket: the door for who runs the event, its page for anyone else."""
    seat = get_object_or_404(Seat.objects.select_related("registration__event__site"), code=code.upper())
    event = seat.registration.event
    if Event.objects.run_by(request.user).filter(pk=event.pk).exists():
        return redirect("events:checkin_code", event.slug, seat.code)
    return redirect(event)
