"""Calendar entries: what programs need to keep an entry, change it and take it away."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from bookings import calendars
from bookings.models import Booking, Site
from bookings.services import freeing
from members.messages import attachments, kinds
from tests.factories.members import make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def entry_in(content: bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(content)
    return calendar, calendar.walk("VEVENT")[0]


def attached(booking: Booking) -> attachments.Attachment:
    return attachments.load([f"ics:booking:{booking.pk}"])[0]


def test_a_confirmed_booking_is_a_request_with_all_that_calendars_want_always_the_same_and_folded(
    place: Place,
) -> None:
    booking = make_booked(make_user(name="É" * 60), place.desk(1), place.morning())
    file = attached(booking)
    assert attached(booking).content == file.content
    assert all(len(line) <= 75 for line in file.content.split(b"\r\n"))  # for old programs
    calendar, entry = entry_in(file.content)
    assert file.parameters["method"] == str(calendar["METHOD"]) == "REQUEST"
    assert str(calendar["VERSION"]) == "2.0"
    assert entry["DTSTART"].dt == place.at(9)
    assert entry["DTEND"].dt == place.at(13)
    assert str(entry["UID"]).startswith(booking.reference.lower())
    assert int(entry["SEQUENCE"]) == 0
    assert str(entry["STATUS"]) == "CONFIRMED"
    assert booking.reference in str(entry["URL"])
    assert "Maison d’essai" in str(entry["LOCATION"])
    for name in ("DTSTAMP", "ORGANIZER", "ATTENDEE", "SUMMARY"):
        assert name in entry
    assert b"4719" not in file.content


def test_a_cancellation_takes_the_same_entry_away(place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    _calendar, before = entry_in(attached(booking).content)
    freeing.cancel_booking(booking=booking, by=user, now=timezone.now())
    file = attached(booking)
    calendar, after = entry_in(file.content)
    assert file.parameters["method"] == str(calendar["METHOD"]) == "CANCEL"
    assert str(after["UID"]) == str(before["UID"])
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert str(after["STATUS"]) == "CANCELLED"


def test_the_download_is_published_and_private(client: Client, place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    client.force_login(user)
    answer = client.get(f"/moi/reservations/{booking.reference}/agenda.ics")
    calendar, entry = entry_in(answer.content)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert "ATTENDEE" not in entry


def test_an_unknown_booking_has_no_file(db: None) -> None:
    for reference in ("booking:999999", "booking:x", "", "booking:"):
        assert calendars.attachment(reference) is None, reference


def test_a_reminder_is_dropped_once_the_booking_is_called_off(place: Place) -> None:
    user = make_user()
    booking = make_booked(user, place.desk(1), place.morning())
    load = kinds.kind_of("bookings/reminder").load
    assert load({"booking": booking.pk})
    freeing.cancel_booking(booking=booking, by=user, now=timezone.now())
    assert load({"booking": booking.pk}) is None
    assert kinds.kind_of("bookings/cancelled").load({"booking": booking.pk})


def test_the_place_is_said_once_where_its_address_is_its_name(place: Place) -> None:
    Site.objects.update(address=place.site.place, door="")
    booking = Booking.objects.select_related("site").get(
        pk=make_booked(make_user(), place.desk(1), place.morning()).pk
    )
    assert calendars.place_of(booking.site) == "Maison d’essai, 76140 Le Petit-Quevilly"
