"""Who comes unannounced, and money taken at the door; views/checkin.py has let the person in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.money import ZERO
from billing.settlement.services import take_at_desk
from events import rights
from events.door_form import MeansForm, WalkInForm
from events.models import Event, Registration
from events.services import entering
from events.views.door_page import arrive, back_to_door, door_page, say_no, seat_posted
from events.views.requests import PersonRequest
from members.errors import Refused
from members.formats import euros


def walk_in(request: PersonRequest, event: Event) -> HttpResponse:
    """Let someone in who has not registered; what they owe is said first, and taken with the second tap."""
    form = WalkInForm(request.POST, event=event, takes_money=rights.may_take_money(request.user, event))
    if not form.is_valid():
        return door_page(request, event, form=form, status=422)
    expected = entering.expected_at(event, form.cleaned_data["email"])
    if expected is not None:
        messages.warning(request, _("Cette personne est déjà inscrite\u00a0: son billet est ci-dessous."))
        return back_to_door(event, seen=expected.pk)
    try:
        if not form.is_sale:
            return _entered(
                request,
                event,
                entering.let_in(event=event, by=request.user, now=timezone.now(), **form.asked()),
            )
        return _sell(request, event, form)
    except Refused as refusal:
        return door_page(request, event, form=form, refusal=refusal, status=refusal.status)


def _sell(request: PersonRequest, event: Event, form: WalkInForm) -> HttpResponse:
    now, asked = timezone.now(), form.sale()
    due = entering.price_at_door(asked["ticket"], email=asked["email"], offered=asked["price"], now=now)
    if form.cleaned_data["due"] != due:
        form.ask(due)
        return door_page(request, event, form=form, due=due)
    found = entering.sell_at_door(event=event, by=request.user, now=now, **asked)
    messages.success(request, _taken(found))
    return _entered(request, event, found)


def pay(request: PersonRequest, event: Event) -> HttpResponse:
    """Take the money of a registration, for all its seats, and note the arrival of this one."""
    if not rights.may_take_money(request.user, event):
        raise Http404
    seat, form = seat_posted(request, event), MeansForm(request.POST)
    found = seat.registration
    if found.state == Registration.State.HELD and found.line is not None and form.is_valid():
        method = form.cleaned_data["method"]
        try:
            take_at_desk(order=found.line.order, method=method, by=request.user, now=timezone.now())
        except Refused as refusal:
            say_no(request, refusal)
            return back_to_door(event, seen=seat.pk)
        messages.success(request, _taken(found))
    arrive(request, event, seat)
    return back_to_door(event, seen=seat.pk)


def _taken(found: Registration) -> str:
    if found.total == ZERO:
        return _("Rien à encaisser.")
    return _("%(amount)s encaissés.") % {"amount": euros(found.total, get_language() or "fr")}


def _entered(request: PersonRequest, event: Event, found: Registration) -> HttpResponse:
    messages.success(request, _("%(name)s est là.") % {"name": found.name})
    return back_to_door(event, seen=found.places.get().pk)
