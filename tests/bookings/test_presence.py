"""Noting who has come, on the day."""

from datetime import datetime, time, timedelta

import pytest

from bookings import errors
from bookings.models import Presence, Space
from bookings.period import Period
from bookings.services import presence
from tests.factories.bookings import NOW, PARIS, TOMORROW, make_booking, make_confirmed, make_house, on
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 25, 9, 5, tzinfo=PARIS)


def desk() -> Space:
    make_house(desks=1)
    return Space.objects.select_related("site").get(kind="desk")


def test_an_arrival_is_noted_once_and_can_be_taken_back() -> None:
    booking, manager = make_confirmed(space=desk()), make_user(role="manager")
    presence.arrive(booking=booking, by=manager, now=MORNING)
    again = presence.arrive(booking=booking, by=manager, now=MORNING + timedelta(hours=1))
    assert again.arrived_at == MORNING
    presence.undo(booking=booking, by=manager, now=MORNING)
    assert not Presence.objects.exists()


def test_nobody_arrives_on_another_day_or_without_a_sure_place() -> None:
    space = desk()
    manager = make_user(role="manager")
    held = make_booking(space=space)
    with pytest.raises(errors.NotActive):
        presence.arrive(booking=held, by=manager, now=MORNING)
    afternoon = make_confirmed(space=space, period=_afternoon())
    with pytest.raises(errors.NotToday):
        presence.arrive(booking=afternoon, by=manager, now=NOW)
    assert not Presence.objects.exists()


def _afternoon() -> Period:
    return on(TOMORROW, time(13), time(18))
