"""The month of a rentable space: what is free, partly free, taken, closed; whatever stands in its way."""

from collections.abc import Iterator
from datetime import date, time

import pytest
import time_machine

from bookings.models import Site
from bookings.period import Period, at
from bookings.services import rules as reading
from bookings.services.rentals.free_days import FreeMonth, free_month, hours_of_day, month_of
from tests.factories.bookings import NOW, make_hours, make_house, make_plain_booking, on

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, SUNDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 6)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def month(site: Site, first: date = date(2026, 12, 1), code: str = "ab") -> FreeMonth:
    rules = reading.of_site(site)
    space = next(each for each in rules.premises.listed(site) if each.code == code)
    return free_month(rules, space, first, now=NOW)


def states(found: FreeMonth) -> dict[date, str]:
    return {each.day: each.state for week in found.weeks for each in week}


def test_a_day_is_free_partly_free_taken_or_closed() -> None:
    site = make_house(desks=0)
    left = site.spaces.get(code="a")
    make_plain_booking(space=left, period=on(TUESDAY, time(9), time(18)))
    make_plain_booking(space=left, period=on(WEDNESDAY, time(9), time(10)))
    found = states(month(site))
    assert (found[TUESDAY], found[WEDNESDAY], found[SUNDAY]) == ("taken", "partly", "closed")
    assert found[date(2026, 12, 3)] == "free"
    assert found[date(2027, 1, 1)] == "out"
    assert states(month(site, code="b"))[TUESDAY] == "free"


def test_what_is_past_is_not_asked_for_and_months_end_somewhere() -> None:
    site = make_house(desks=0)
    this = month(site, date(2026, 11, 1))
    assert states(this)[date(2026, 11, 23)] == "past"
    assert (this.before, this.after) == (None, date(2026, 12, 1))
    assert month(site, date(2028, 5, 1)).after is None


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("", date(2026, 11, 1)),
        ("2027-03", date(2027, 3, 1)),
        ("2020-01", date(2026, 11, 1)),
        ("9999-12", date(2028, 5, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("x-y", date(2026, 11, 1)),
        ("9" * 30 + "-1", date(2026, 11, 1)),
    ],
)
def test_an_address_asks_for_a_month_that_is_shown(word: str, first: date) -> None:
    assert month_of(word, NOW.date()) == first


def test_an_evening_open_past_midnight_is_free_until_what_is_taken_of_its_night() -> None:
    site = make_house(desks=0)
    site.opening_hours.all().delete()
    make_hours(site, weekday=TUESDAY.weekday(), opens=time(18), closes=time(2))
    left, night = site.spaces.get(code="a"), on(WEDNESDAY, time(0, 30), time(2))
    make_plain_booking(space=left, period=night)
    found = hours_of_day(reading.of_site(site), left, TUESDAY, now=NOW)
    assert found.free == [Period(at(TUESDAY, time(18), site.zone), night.start)]
    assert found.taken == [night]


def test_a_month_costs_one_query_beside_the_premises(django_assert_num_queries: object) -> None:
    site = make_house(desks=0)
    left = site.spaces.get(code="a")
    for day in range(1, 4):
        make_plain_booking(space=left, period=on(date(2026, 12, day), time(9), time(12)))
    month(site)
    with django_assert_num_queries(2):  # type: ignore[operator]  # a context manager
        month(site)
