"""Registrants are forgotten some time after the event; what accounting must keep stays in billing.

A pseudonym (visitors.py) lets figures count who came as before.
"""

import logging
from datetime import datetime

from django.db.models import QuerySet

from billing.models import Customer
from events.models import Answer, Event, Feedback, Registration, Seat
from events.services import visitors
from members.models import Message
from members.periods import PERIODS
from members.transactions import own_transaction

log = logging.getLogger(__name__)

KEPT = PERIODS["registrations"]
"""How long after its end the registrants of an event are known."""


def due(now: datetime) -> "QuerySet[Event]":
    """Events whose registrants are still known and should no longer be."""
    return Event.objects.filter(ends_at__lte=now - KEPT, erased_at=None).order_by("ends_at", "pk")


def erase_due(now: datetime, limit: int = 100) -> int:
    """Forget who registered for the events of long ago, an event at a time; says how many events."""
    done = 0
    for event in due(now)[:limit]:
        try:
            done += _erase(event, now=now)
        except Exception:  # one that fails must not keep the others from being forgotten
            log.exception("The registrants of event %s could not be erased", event.pk)
    return done


@own_transaction
def _erase(event: Event, *, now: datetime) -> bool:
    """Erase names, addresses, answers and links; seats, states, arrivals and prices stay, as figures.

    Customers are locked before the event, as in registering. A contact who never ordered goes altogether;
    one who never bought anything keeps its orders, which lapsed, and no name.
    """
    had = Customer.objects.filter(kind=Customer.Kind.CONTACT, registrations__event=event)
    ids = list(had.order_by("pk").values_list("pk", flat=True))
    # Again by their kind: whoever verified their address meanwhile has become a person of ours.
    contacts = Customer.objects.filter(pk__in=ids, kind=Customer.Kind.CONTACT)
    list(contacts.select_for_update().order_by("pk"))
    rows = Event.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = rows.filter(pk=event.pk, erased_at=None, ends_at__lte=now - KEPT).first()
    if found is None:
        return False
    forget(Registration.objects.filter(event=found), now=now)
    contacts.filter(registrations=None, orders=None).delete()
    for contact in contacts.filter(registrations=None, documents=None):
        contact.name, contact.email = "", f"efface-{contact.pk}@cantine.invalid"
        contact.save(update_fields=["name", "email"])
    found.erased_at = now
    found.save(update_fields=["erased_at"])
    return True


def forget(registrations: "QuerySet[Registration]", *, now: datetime) -> None:
    """Step: erase who registered, and what was written to them and by them; who came keeps a pseudonym."""
    numbers = _locked(registrations)
    seen = visitors.pseudonyms(numbers)
    told = Message.objects.filter(template__startswith="events/", ids__registration__in=numbers)
    told.filter(state=Message.State.OWED).update(state=Message.State.DROPPED)
    told.update(to="", subject="")
    Answer.objects.filter(registration__in=numbers).delete()
    Seat.objects.filter(registration__in=numbers).update(name="")
    Feedback.objects.filter(registration__in=numbers).update(registration=None)
    rows = Registration.objects.filter(pk__in=numbers)
    rows.update(name="", email="", user=None, customer=None, erased_at=now)
    visitors.keep(seen)


def _locked(rows: "QuerySet[Registration]") -> list[int]:
    """Their keys, and nobody else erases them meanwhile: a pseudonym that was cut stays cut."""
    return list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
