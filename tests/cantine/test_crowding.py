"""Waiting too long for one's turn is no fault of ours: a page says so, and nothing was written."""

import pytest
from django.db import connection
from django.test import Client

from events.models import Registration
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"name": "Odile Essai", "email": "odile@cantine.example", "seats": "1"}


def test_who_waits_too_long_for_a_seat_is_asked_to_try_again() -> None:
    event = make_event()
    page, browser = event.get_absolute_url(), Client()
    browser.get(page)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM events_event WHERE id = %s FOR UPDATE", [event.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        answer = browser.post(f"{page}inscription/", FORM)
    finally:
        other.close()
        connection.close()  # with its short patience
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Beaucoup de monde à la fois" in answer.content.decode()
    assert not Registration.objects.exists()
