"""What the e-mails about events say: each load reads things as they are when the message goes out."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.services.telling import still_answers
from events import calendars
from events.models import Event, Registration, Review
from events.outcome import outcome_of
from events.services.addressing import code_of, may_be_corrected
from events.services.leaving import refunded_until
from members.formats import day, hours
from members.messages import attachments, kinds, topics
from members.texts import first_name

Context = dict[str, Any] | None
State = Registration.State


def load_confirmed(ids: dict[str, Any]) -> Context:
    """The seats are sure; no longer said once they are given back, or the event is called off."""
    context = _still_on(_told(ids, State.CONFIRMED))
    return context and {**context, "others": _others(context["registration"])}


def _others(registration: Registration) -> list[str]:
    """The pages of what this address had of the event before: only its mailbox learns of them."""
    if registration.customer_id is None:
        return []
    rows = Registration.objects.standing().filter(event=registration.event_id)
    earlier = rows.filter(customer=registration.customer_id, pk__lt=registration.pk).order_by("pk")
    return [settings.PUBLIC_URL + each.get_absolute_url() for each in earlier]


def load_reminder(ids: dict[str, Any]) -> Context:
    """The evening before, if it is still on at the hour it was owed for, and is still wanted."""
    context = _still_on(_told(ids, State.CONFIRMED))
    if context is None or not context["registration"].wants_reminder:
        return None
    return context if ids.get("start") == context["event"].period.utc.start.isoformat() else None


def load_held(ids: dict[str, Any]) -> Context:
    """Seats wait for their payment; dropped once they are paid, or when their time is up."""
    return _held(ids)


def load_waiting(ids: dict[str, Any]) -> Context:
    """One is on the list."""
    return _still_on(_told(ids, State.WAITING))


def load_address_code(ids: dict[str, Any]) -> Context:
    """The code that proves a corrected address; dropped once it is of no use. Nothing private is told."""
    registration = Registration.objects.select_related("event").filter(pk=ids["registration"]).first()
    if registration is None or not may_be_corrected(registration):
        return None
    return {"event": registration.event, "code": code_of(registration.pk, ids["nonce"])}


def load_offer(ids: dict[str, Any]) -> Context:
    """Seats are offered; dropped when that is answered, or over."""
    return _held(ids)


def load_offer_over(ids: dict[str, Any]) -> Context:
    """The offer went to the next person."""
    return _told(ids, State.EXPIRED)


def load_cancelled(ids: dict[str, Any]) -> Context:
    """Someone called their registration off."""
    return _with_outcome(_told(ids, State.CANCELLED))


def load_gone(ids: dict[str, Any]) -> Context:
    """The payment came after the hold was over and the seats were gone."""
    return _told(ids, State.EXPIRED, State.CANCELLED)


def load_changed(ids: dict[str, Any]) -> Context:
    """What changed; dropped when another change followed, which says it."""
    context = _told(ids, State.CONFIRMED, State.HELD, State.WAITING)
    if context is None or ids.get("version") != str(context["event"].sequence):
        return None
    said = ids.get("said", [])
    moved = bool({"when", "where"}.intersection(said))
    return {
        **context,
        "said": [_changed_sentence(code, context) for code in said],
        "may_leave_freely": moved and context["registration"].line_id is not None,
    }


def _changed_sentence(code: str, context: dict[str, Any]) -> str:
    """One thing that changed, as it is now."""
    event, local, language = context["event"], context["local"], get_language() or "fr"
    said = {
        "title": event.title,
        "day": day(local.start.date(), language),
        "hours": hours(local.start, local.end, language),
        "place": ", ".join(part for part in (event.place_label, event.place_detail) if part),
    }
    texts = {
        "when": _("Nouvel horaire\u00a0: %(day)s, %(hours)s."),
        "where": _("Nouveau lieu\u00a0: %(place)s."),
        "link": _("Le lien de la visioconférence a changé."),
        "title": _("Nouveau titre\u00a0: %(title)s."),
    }
    return texts[code] % said


def load_event_cancelled(ids: dict[str, Any]) -> Context:
    """The event is called off."""
    return _with_outcome(_told(ids, State.CANCELLED, State.EXPIRED))


def load_to_review(ids: dict[str, Any]) -> Context:
    """An event waits for a reviewer; dropped when it no longer does."""
    event = Event.objects.select_related("site", "space", "created_by").filter(pk=ids["event"]).first()
    if event is None or event.state != Event.State.SUBMITTED:
        return None
    return _about(event) if still_answers(ids, "events.review_event", event.site) else None


def load_reviewed(ids: dict[str, Any]) -> Context:
    """What a reviewer said of it."""
    rows = Review.objects.select_related("event__site", "event__space", "by")
    review = rows.filter(pk=ids["review"]).first()
    return {**_about(review.event), "review": review} if review is not None else None


def _about(event: Event) -> dict[str, Any]:
    path = reverse("events:desk", args=[event.slug])
    return {
        "event": event,
        "local": event.local,
        "author": event.created_by.name,
        "link": settings.PUBLIC_URL + path,
        "page_link": settings.PUBLIC_URL + event.get_absolute_url(),
    }


def _still_on(context: Context) -> Context:
    return None if context is None or context["event"].is_cancelled else context


def _held(ids: dict[str, Any]) -> Context:
    context = _still_on(_told(ids, State.HELD))
    if context is None:
        return None
    until = context["registration"].held_until
    if until is None or until <= timezone.now():
        return None
    return {**context, "held_until": until.astimezone(context["event"].site.zone)}


def _with_outcome(context: Context) -> Context:
    return context and {**context, "outcome": outcome_of(context["registration"])}


def _told(ids: dict[str, Any], *states: str) -> Context:
    """What every message about a registration says; None when it is in none of `states`, or erased."""
    rows = Registration.objects.select_related(
        "event__site", "event__space", "ticket", "line__order", "event__created_by"
    )
    registration = rows.filter(pk=ids["registration"], state__in=states, erased_at=None).first()
    if registration is None:
        return None
    event = registration.event
    link = settings.PUBLIC_URL + registration.get_absolute_url()
    return {
        "registration": registration,
        "event": event,
        "local": event.local,
        "first_name": first_name(registration.name),
        "facts": facts_of(registration),
        "amount": registration.total,
        "refund_until": refunded_until(registration).astimezone(event.site.zone),
        "link": link,
        "leave_link": f"{link}annuler/",
        "page_link": settings.PUBLIC_URL + event.get_absolute_url(),
        "agenda_link": settings.PUBLIC_URL + reverse("events:agenda"),
    }


def facts_of(registration: Registration) -> list[tuple[str, str]]:
    """The foot of the ticket; the link of an online event only once the seat is sure."""
    event = registration.event
    where = ", ".join(part for part in (event.place_label, event.place_detail) if part)
    facts = [(_("Où"), event.place_label if event.where == Event.Where.ONLINE else where)]
    if event.online_link and registration.state == State.CONFIRMED:
        facts.append((_("Lien"), event.online_link))
    facts.append((_("Places"), str(registration.seats)))
    return facts


def register() -> None:
    """Declare every message of events; called from `apps.py:ready`."""
    said = {
        "confirmed": (load_confirmed, gettext_lazy("billets d’un événement")),
        "reminder": (load_reminder, gettext_lazy("rappel d’un événement")),
        "held": (load_held, gettext_lazy("place d’événement à payer")),
        "address_code": (load_address_code, gettext_lazy("code d’une adresse corrigée")),
        "waiting": (load_waiting, gettext_lazy("liste d’attente d’un événement")),
        "offer": (load_offer, gettext_lazy("place proposée à un événement")),
        "offer_over": (load_offer_over, gettext_lazy("proposition de place échue")),
        "cancelled": (load_cancelled, gettext_lazy("inscription annulée")),
        "gone": (load_gone, gettext_lazy("place d’événement prise entre-temps")),
        "changed": (load_changed, gettext_lazy("événement modifié")),
        "event_cancelled": (load_event_cancelled, gettext_lazy("événement annulé")),
        "to_review": (load_to_review, gettext_lazy("événement à relire")),
        "reviewed": (load_reviewed, gettext_lazy("événement relu")),
    }
    for name, (load, label) in said.items():
        topic = topics.REMINDERS if name == "reminder" else ""
        kinds.register(f"events/{name}", load, label=label, topic=topic)
    attachments.register("registration-ics", calendars.attachment)
    attachments.register("ticket", calendars.ticket)
