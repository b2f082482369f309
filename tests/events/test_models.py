"""What the database itself refuses of events and registrations."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from events.models import Event, Registration
from tests.factories.events import make_event, make_registration, make_ticket

pytestmark = pytest.mark.django_db


def test_capacity_is_never_passed() -> None:
    event = make_event(capacity=2)
    with pytest.raises(IntegrityError, match="event_capacity_is_never_passed"), transaction.atomic():
        make_registration(event, seats=3)
    event.refresh_from_db()
    assert (event.seats_taken, Registration.objects.count()) == (0, 0)


def test_a_quota_is_never_passed() -> None:
    event = make_event(tickets=False)
    ticket = make_ticket(event, quota=1)
    with pytest.raises(IntegrityError, match="ticket_quota_is_never_passed"), transaction.atomic():
        make_registration(event, ticket=ticket, seats=2)
    assert not Registration.objects.exists()


def test_a_cancelled_event_never_comes_back() -> None:
    event = make_event(state="cancelled")
    with pytest.raises(InternalError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(state="published")
    event.refresh_from_db()
    assert event.state == "cancelled"


def test_who_waits_is_offered_a_seat_before_it_is_theirs() -> None:
    event = make_event()
    waiting = make_registration(event, state="waiting")
    with pytest.raises(InternalError), transaction.atomic():
        Registration.objects.filter(pk=waiting.pk).update(state="confirmed", confirmed_at=timezone.now())
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
