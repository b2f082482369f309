"""Being moved by a closure: told what, why and where to, and free to leave until the start."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from billing.models import Document
from bookings import calendars
from bookings.models import Booking, Space
from bookings.services.closing import close
from bookings.services.freeing import cancel_booking, cancellation_terms
from members.messages import kinds
from members.messages.rendering import template_names
from members.models import Message, User
from tests.factories.bookings import NOW, TOMORROW, make_confirmed, make_house, morning, on
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved() -> Booking:
    """A booking of desk 1 that a closure moved to desk 2."""
    site = make_house(desks=2)
    booking = make_confirmed(space=Space.objects.select_related("site").get(kind="desk", number=1))
    whole = on(TOMORROW, time(0), time(23, 59))
    close(
        site=site,
        period=whole,
        space=booking.space,
        reason="Prise en panne.",
        by=make_user(role="manager"),
        now=NOW,
    )
    return Booking.objects.select_related("site", "space", "displaced_from").get(pk=booking.pk)


def by(booking: Booking) -> User:
    assert booking.booked_by
    return booking.booked_by


def test_the_letter_says_what_closed_why_and_where_to(moved: Booking) -> None:
    message = Message.objects.get(template="bookings/moved")
    context = kinds.kind_of("bookings/moved").load(message.ids)
    assert context
    subject, text, html = (
        render_to_string(name, {**context, "language": "fr"}) for name in template_names("bookings/moved")
    )
    assert "Poste 2 au lieu de Poste 1" in subject
    for part in (text, html):
        assert "Poste 1 sera fermé mercredi 25 novembre\u00a0: Prise en panne." in part
        assert "annuler gratuitement jusqu’au début" in part
        assert reverse("bookings:cancel", args=[moved.reference]) in part
    assert message.attachments == [f"ics:booking:{moved.pk}"]


def test_the_calendar_entry_is_a_later_version_of_the_same(moved: Booking) -> None:
    found = calendars.attachment(f"booking:{moved.pk}")
    assert found
    entry: Any = Calendar.from_ical(found.content).walk("VEVENT")[0]
    assert (entry["SEQUENCE"], entry["STATUS"]) == (1, "CONFIRMED")
    assert entry["DTSTAMP"].dt == NOW
    assert "Poste 2" in entry["SUMMARY"]


def test_it_is_not_said_any_more_once_it_is_called_off(moved: Booking) -> None:
    ids = Message.objects.get(template="bookings/moved").ids
    cancel_booking(booking=moved, by=by(moved), now=NOW)
    assert kinds.kind_of("bookings/moved").load(ids) is None


def test_leaving_costs_nothing_until_the_start(moved: Booking) -> None:
    late = morning().start - timedelta(minutes=1)
    assert cancellation_terms(moved, late).is_free
    cancel_booking(booking=moved, by=by(moved), now=late)
    assert Document.objects.get(kind="credit_note").total_incl == 9


def test_its_page_says_that_it_was_moved(moved: Booking, client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        client.force_login(by(moved))
        page = client.get(reverse("bookings:booking", args=[moved.reference])).content.decode()
    assert "Votre place a changé." in page
    assert "de Poste 1 à Poste 2" in page
