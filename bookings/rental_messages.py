"""What the e-mails about rental requests say, read when the message goes out."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from bookings.models import RentalChange, RentalRequest
from bookings.quote_words import rental_where
from bookings.rental_change_stands import period_asked
from bookings.rental_change_words import answered_said, change_facts
from bookings.rental_facts import facts_of, price_said, when, where
from bookings.services.rentals.changing import MAY_ASK
from bookings.services.rentals.telling import RIGHT
from bookings.services.telling import still_answers
from bookings.stay import stay_of
from members.formats import span
from members.messages import kinds
from members.texts import first_name

Context = dict[str, Any] | None
State = RentalRequest.State


def load_received(ids: dict[str, Any]) -> Context:
    """The receipt with the private link; what was typed freely is not said to an address anyone may type."""
    return told_of(ids, *State.values)


def load_to_answer(ids: dict[str, Any]) -> Context:
    """A request waits for an answer; dropped when it no longer does."""
    return _for_answerers(ids, State.RECEIVED)


def load_withdrawn(ids: dict[str, Any]) -> Context:
    """Who asked took it back."""
    return _for_answerers(ids, State.LOST)


def load_change_received(ids: dict[str, Any]) -> Context:
    """The receipt of the change that waits; dropped once it is answered."""
    return _with_change(told_of(ids, *State.values))


def load_change_asked(ids: dict[str, Any]) -> Context:
    """The change that waits for an answer; dropped once there is one, or the request is closed."""
    return _with_change(_for_answerers(ids, *MAY_ASK))


def _with_change(said: Context) -> Context:
    change = said["request"].changes.unanswered().first() if said is not None else None
    return {**said, "changed": change_facts(change)} if said is not None and change is not None else None


def load_change_answered(ids: dict[str, Any]) -> Context:
    """The answer to a change asked for."""
    said, change = told_of(ids, *State.values), RentalChange.objects.filter(pk=ids["change"]).first()
    if said is None or change is None:
        return None
    title, text = answered_said(change)
    answer = {"changed": change_facts(change), "title": title, "text": text, "answer": change.answer}
    return {**said, **answer, **_as_answered(change)}


def _as_answered(change: RentalChange) -> dict[str, str]:
    """Where and when after an answer: what stands once it was moved, else what was agreed to."""
    request = change.request
    rental = request.quotes.told().sent().first()
    if rental is None:
        stands, places = request.period, where(request)
    else:
        stay, offered = stay_of(rental), rental_where(rental)
        stands, places = (stay.period, stay.places) if stay else (rental.period, offered)
    moved_at = rental.day.moved_at if rental is not None and hasattr(rental, "day") else None
    if change.outcome == RentalChange.Outcome.DONE and not (moved_at and moved_at >= change.at):
        stands = period_asked(change, stands, request.site.zone)
    local = stands.local(request.site.zone)
    return {"where": places, "when": span(local.start, local.end, get_language() or "fr", year=True)}


def _for_answerers(ids: dict[str, Any], *states: str) -> Context:
    said = told_of(ids, *states)
    return said if said is not None and still_answers(ids, RIGHT, said["site"]) else None


def told_of(ids: dict[str, Any], *states: str) -> Context:
    """What every message about a request says; None when it is in none of `states`, or forgotten."""
    rows = RentalRequest.objects.select_related("site", "space__site").prefetch_related("extras__product")
    request = rows.filter(pk=ids["request"], state__in=states, erased_at=None).first()
    if request is None:
        return None
    desk = reverse("admin:bookings_rentalrequest_change", args=[request.pk])
    return {
        "request": request,
        "site": request.site,
        "first_name": first_name(request.name),
        "when": when(request),
        "where": where(request),
        "facts": facts_of(request)[2:],
        "all_facts": facts_of(request),
        "price": price_said(request),
        "link": settings.PUBLIC_URL + request.get_absolute_url(),
        "desk_link": settings.PUBLIC_URL + desk,
    }


def register() -> None:
    """Declare every message of rentals; called from `apps.py:ready`."""
    said = {
        "received": (load_received, gettext_lazy("demande de location reçue")),
        "to_answer": (load_to_answer, gettext_lazy("demande de location à traiter")),
        "change_received": (load_change_received, gettext_lazy("changement de location reçu")),
        "change_asked": (load_change_asked, gettext_lazy("changement de location demandé")),
        "change_answered": (load_change_answered, gettext_lazy("réponse à un changement de location")),
        "withdrawn": (load_withdrawn, gettext_lazy("demande de location retirée")),
    }
    for name, (load, label) in said.items():
        kinds.register(f"rentals/{name}", load, label=label)
