"""What this room knows of a person: where they registered, with their tickets, and the events they made."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.album import ALBUM
from events.calendars import picture_of
from events.models import Answer, Attendance, Event, Feedback, Organiser, Registration, Review, Seat
from events.models.registration import RegistrationQuerySet
from events.services.erasing import forget
from events.services.visitors import sever
from members.models import User
from members.personal_data import Copy, File, Matter
from members.rows import told
from members.services.people import addresses_of

KNOWN = (Attendance, Event, Organiser, Registration, Review)
"""Who noted an arrival, wrote or reviewed an event stays as a number: the event is everybody's."""


def registrations_of(person: User) -> RegistrationQuerySet:
    """Made signed in, or as a guest from an address of theirs."""
    guest = Q(user=None, address__in=addresses_of(person))
    known = Registration.objects.filter(erased_at=None).alias(address=Lower("email"))
    return known.filter(Q(user=person) | guest)


SAID: dict[str, str | Promise] = {
    "registrations": _("vos inscriptions"),
    "registration_answers": _("vos réponses aux questions des inscriptions"),
    "tickets": _("vos billets"),
    "event_feedback": _("vos avis sur les événements"),
    "events_made": _("les événements que vous avez créés ou organisez"),
}


def copy(person: User) -> Copy:
    """Read registrations with their tickets, and events with their pictures."""
    own = registrations_of(person)
    seats = Seat.objects.filter(registration__in=own)
    made = Event.objects.filter(Q(created_by=person) | Q(organisers__user=person)).distinct()
    rows = {
        "registrations": told(
            own,
            "event__title",
            "event__starts_at",
            "name",
            "email",
            "seats",
            "state",
            "unit_price",
            "created_at",
        ),
        "registration_answers": told(
            Answer.objects.filter(registration__in=own),
            "registration__event__title",
            "question__label",
            "text",
        ),
        "tickets": told(seats, "registration__event__title", "name", "code", "attendance__at"),
        "event_feedback": told(
            Feedback.objects.filter(registration__in=own), "event__title", "rating", "text", "at"
        ),
        "events_made": told(made, "title", "summary", "description", "starts_at", "ends_at", "state"),
    }
    tickets = [File(f"tickets/{seat.spelt}.png", partial(picture_of, seat)) for seat in seats]
    return Copy(rows, SAID, [*tickets, *_pictures(made)])


def _pictures(made: "QuerySet[Event]") -> Iterator[File]:
    for event in made.exclude(picture=""):
        yield File(f"pictures/{event.slug}.jpg", partial(_picture, event.picture))


def _picture(name: str) -> bytes:
    with ALBUM.open(name) as file:
        return file.read()


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """Seats at what is to come are given back first; the events someone made stay in the agenda."""
    standing = registrations_of(person).standing().filter(event__ends_at__gt=now)
    for registration in standing.select_related("event"):
        text = _("Vous êtes inscrit à «\u202f%(event)s\u202f».") % {"event": registration.event.title}
        yield Matter(text, registration.get_absolute_url(), _("Voir ou se désinscrire"), blocks=True)
    if Event.objects.filter(created_by=person).exists():
        yield Matter(_("Les événements que vous avez publiés restent dans l’agenda."))


def erase(person: User, *, now: datetime) -> None:
    """Step: registrations are forgotten before their time; the person looks after no event any more.

    What stood for their address at past events is replaced, while it could still be traced back to it.
    """
    forget(registrations_of(person), now=now)
    sever({*addresses_of(person), person.email})
    Organiser.objects.filter(user=person).delete()


def left(people: "QuerySet[User]") -> Iterator[str]:
    """Nothing says where someone who was erased had registered."""
    for model in (Registration, Organiser):
        for pk in model._default_manager.filter(user__in=people).values_list("pk", flat=True):
            yield f"{model._meta.model_name} {pk} still names an erased account"
