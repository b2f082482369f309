"""Invariants 6 to 8: outside facts were recorded and acted on, what is owed goes out, guards stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pgtrigger.registry
from django.db import connection

from billing.models import StripeEvent
from bookings.models import Booking
from cantine.roles import missing_permissions
from members.models import Message

LATE = timedelta(minutes=30)


def events_left_unhandled(now: datetime) -> Iterator[str]:
    """Stripe's events were handled."""
    late = StripeEvent.objects.filter(received_at__lte=now - LATE).exclude(state=StripeEvent.State.DONE)
    for event in late:
        yield f"event {event.event_id} ({event.kind}) is {event.state}: {event.error}"


def messages_left_unsent(now: datetime) -> Iterator[str]:
    """E-mails that are due went out."""
    for message in Message.objects.filter(state=Message.OWED, due_at__lte=now - LATE):
        yield f"message {message.key} is due since {message.due_at:%Y-%m-%d %H:%M}: {message.last_error}"


def holds_left_standing(now: datetime) -> Iterator[str]:
    """Holds whose time is up were freed."""
    for booking in Booking.objects.overdue(now - LATE):
        yield f"booking {booking} is held since {booking.held_until:%Y-%m-%d %H:%M}"


def guards_that_are_missing(_now: datetime) -> Iterator[str]:
    """Every trigger that refuses a change is installed and enabled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        installed = {row[0] for row in cursor.fetchall()}
    for model, trigger in pgtrigger.registry.registered():
        if trigger.get_pgid(model) not in installed:
            yield f"{model._meta.label}: the trigger {trigger.name} is not there"


def constraints_that_are_missing(_now: datetime) -> Iterator[str]:
    """The one judge of conflicts is in place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = 'atom_is_taken_once' AND convalidated")
        if cursor.fetchone() is None:
            yield "the constraint atom_is_taken_once is not there"


def roles_out_of_step(_now: datetime) -> Iterator[str]:
    """Every permission that a role names exists."""
    for name in missing_permissions():
        yield f"the permission {name} does not exist"
