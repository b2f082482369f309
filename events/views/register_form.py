"""What the registration part of an event's page says; the page itself is event_page's."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events import rights
from events.models import Event, Registration
from events.register_form import RegisterForm, tickets_on_sale
from events.services.fulfilling import terms_sentence
from events.services.waiting import OFFER
from events.views.requests import person_of
from members.errors import Refused
from members.formats import day, hour


def register_context(
    request: HttpRequest,
    event: Event,
    now: datetime,
    *,
    form: RegisterForm | None = None,
    refusal: Refused | None = None,
) -> dict[str, Any]:
    """What templates/events/_register.html needs: the form, or why there is none."""
    person = person_of(request)
    tickets = tickets_on_sale(event, now)
    mine = list(Registration.objects.made_by(request.user).filter(event=event).exclude(state__in=GONE))
    may = event.audience == Event.Audience.PUBLIC or (
        person is not None and rights.reads_members_events(person, now)
    )
    open_now = event.is_published and not event.is_planned(now) and bool(tickets) and may
    if open_now and form is None:
        form = RegisterForm(event=event, tickets=tickets, user=person, now=now)
    waits = open_now and _is_full(event, tickets)
    closed = open_now and waits and not event.has_waiting_list
    return {
        "event": event,
        "register_form": form if open_now and not closed else None,
        "register_refusal": refusal,
        "register_closed": "" if open_now and not closed else closed_sentence(event, now, full=closed),
        "register_note": note_of(event, tickets, now),
        "register_button": button_text(form, waits=waits) if form is not None else "",
        "register_waits": waits,
        "register_soon": event.starts_at <= now + OFFER,
        "register_person": person,
        "my_registrations": mine,
        "seats_sentence": seats_sentence(event),
    }


GONE = (Registration.State.CANCELLED, Registration.State.EXPIRED)


def _is_full(event: Event, tickets: list[Any]) -> bool:
    """Whether whoever comes now would wait, as far as the page knows."""
    if event.seats_left == 0 or event.has_queue:
        return True
    return all(ticket.seats_left == 0 for ticket in tickets)


def button_text(form: RegisterForm, *, waits: bool) -> str:
    """What the button does: wait, pay, or take a place at once."""
    if waits:
        return _("Rejoindre la liste d’attente")
    if any(ticket.pricing == "paid" for ticket in form.tickets.values()):
        return _("Continuer vers le paiement")
    return _("Réserver ma place")


def note_of(event: Event, tickets: list[Any], now: datetime) -> str:
    """How one gives a place back."""
    if any(ticket.pricing != "free" for ticket in tickets):
        return terms_sentence(event, event.refunded_until, now=now)
    return _("Désinscription en un clic, jusqu’au début.")


def seats_sentence(event: Event) -> str:
    """« 8 places sur 20 », « Complet », or nothing where seats are not counted."""
    left = event.seats_left
    if left is None or event.capacity is None:
        return ""
    if left == 0:
        return _("Complet")
    said = {"left": left, "capacity": event.capacity}
    return ngettext("%(left)s place sur %(capacity)s", "%(left)s places sur %(capacity)s", left) % said


def closed_sentence(event: Event, now: datetime, *, full: bool) -> str:
    """Why nobody can register now, and what is possible instead."""
    if event.is_cancelled or event.is_over(now):
        return _("Cet événement est annulé.") if event.is_cancelled else _("Cet événement est passé.")
    if full:
        return _("C’est complet.")
    tickets = [ticket for ticket in event.tickets.all() if ticket.is_active]
    if not tickets:
        return _("Entrée libre, sans inscription.")
    later = [each.opens_at for each in tickets if each.opens_at is not None and each.opens_at > now]
    if later and event.is_published:
        local, language = min(later).astimezone(event.site.zone), get_language() or "fr"
        said = {"day": day(local.date(), language), "hour": hour(local, language)}
        return _("Les inscriptions ouvrent le %(day)s à %(hour)s.") % said
    if event.audience == Event.Audience.MEMBERS:
        return _("Cet événement est réservé aux membres.")
    return _("Les inscriptions sont closes.")
