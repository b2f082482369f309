"""Afterwards: a word of thanks the next morning, and what people thought of it."""

import logging
from datetime import datetime

from django.db.models import Q, QuerySet

from bookings.afterwards import TOO_LATE, morning_after
from bookings.opinion_form import TEXT_LENGTH
from events.errors import NotActive
from events.models import Event, Feedback, Registration
from members.messages import owing
from members.transactions import own_transaction

log = logging.getLogger(__name__)


def who_came(event: Event) -> "QuerySet[Registration]":
    """Registrations of which someone was checked in; online, where there is no door, all that were sure."""
    sure = event.registrations.confirmed().filter(erased_at=None)
    if event.where == Event.Where.ONLINE:
        return sure
    return sure.filter(places__attendance__isnull=False).distinct()


def thanks_time(event: Event) -> datetime:
    """The morning after, by the site's clocks."""
    return morning_after(event.ends_at, event.site.zone)


def thank_due(now: datetime, limit: int = 100) -> int:
    """Thank whoever came to the events of yesterday, once; says how many events."""
    ended = Q(ends_at__lte=now, ends_at__gt=now - TOO_LATE)
    due = Event.objects.on().filter(ended, thanked_at=None).select_related("site").order_by("ends_at", "pk")
    done = 0
    for event in [each for each in due if thanks_time(each) <= now][:limit]:
        try:
            done += _thank(event, now=now)
        except Exception:  # one that fails must not keep the others from being thanked
            log.exception("Who came to event %s could not be thanked", event.pk)
    return done


@own_transaction
def _thank(event: Event, *, now: datetime) -> bool:
    """Owe the thanks of one event; one that another worker looks at is left to it."""
    rows = Event.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = (
        rows.select_related("site").filter(pk=event.pk, thanked_at=None, state=Event.State.PUBLISHED).first()
    )
    if found is None:
        return False
    owing.owe(
        *(
            owing.letter(
                to=registration.email,
                language=registration.language,
                template="events/thanks",
                key=f"registration-thanks:{registration.pk}",
                registration=registration.pk,
            )
            for registration in who_came(found).exclude(email="")
        )
    )
    found.thanked_at = now
    found.save(update_fields=["thanked_at"])
    return True


@own_transaction
def prepare_thanks(*, event: Event, thanks: str, slides_link: str) -> None:
    """Keep the organiser's words and the link to the slides, for the message and for the page of feedback."""
    Event.objects.filter(pk=event.pk).update(thanks=thanks, slides_link=slides_link)


@own_transaction
def give_feedback(*, registration: Registration, rating: int, text: str, now: datetime) -> Feedback:
    """Keep what someone thought of an event, once: what was said first stays.

    Raises `NotActive` for a registration that did not come to an event that is over.
    """
    event = registration.event
    if not event.is_over(now) or not who_came(event).filter(pk=registration.pk).exists():
        raise NotActive
    said = {"event": event, "rating": rating, "text": text.strip()[:TEXT_LENGTH], "at": now}
    return Feedback.objects.get_or_create(registration=registration, defaults=said)[0]
