"""What is free, as the pages show it: opening less occupancies, in few queries whatever the rows."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings import errors
from bookings.models import Closure, Occupancy, Site, Space
from bookings.period import QUARTER, Period, at
from bookings.services import availability
from bookings.services.rules import of_site
from bookings.services.shown import Week
from tests.bookings.steps import desk
from tests.factories.bookings import (
    NOW,
    PARIS,
    TOMORROW,
    make_booking,
    make_confirmed,
    make_desk,
    make_hours,
    make_house,
    make_plain_booking,
    make_room,
    make_tariff,
    morning,
    on,
)
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db


def words(site: Site, day: date = TOMORROW, half: str = "morning", **more: object) -> dict[int | None, str]:
    plan = availability.day_plan(site=site, day=day, half=half, user=None, now=NOW, **more)  # type: ignore[arg-type]  # passed through
    return {state.space.number: state.state for state in plan.desks}


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_a_day_says_who_sits_where_as_this_person_sees_it() -> None:
    site = make_house(desks=4)
    user = make_user()
    mine = make_booking(space=desk(1), user=user)
    make_booking(space=desk(2))
    Space.objects.filter(number=3).update(out_of_order_reason="pied cassé")
    plan = availability.day_plan(site=site, day=TOMORROW, half="morning", user=user, now=NOW)
    assert [state.state for state in plan.desks] == ["mine", "taken", "out", "free"]
    assert plan.free_count == 1
    assert plan.desks[0].reference == mine.reference
    assert plan.period == morning().local(PARIS)
    assert [choice.half for choice in plan.halves if choice.is_chosen] == ["morning"]
    assert words(site, half="afternoon") == {1: "free", 2: "free", 3: "out", 4: "free"}


def test_prices_are_this_persons() -> None:
    site = make_house()
    make_tariff(site, audience="member", half_day="7.50", day="12.00")
    member = make_user()
    make_membership(user=member)
    for user, price in ((None, "9.00"), (member, "7.50")):
        plan = availability.day_plan(site=site, day=TOMORROW, half="morning", user=user, now=NOW)
        assert plan.price is not None
        assert str(plan.price.amount_incl) == price


def test_a_closed_day_says_why_and_where_to_go() -> None:
    site = make_house()
    christmas = date(2026, 12, 25)
    plan = availability.day_plan(site=site, day=christmas, half="day", user=None, now=NOW)
    assert (plan.period, plan.reason, plan.free_count) == (None, "Noël", 0)
    assert {state.state for state in plan.desks} == {"closed"}
    assert plan.previous_day == date(2026, 12, 24)
    with pytest.raises(errors.Closed, match="Noël"):
        availability.half_period(site=site, day=christmas, half="day")


def test_a_half_day_that_is_over_is_past() -> None:
    site = make_house()
    later = datetime(2026, 11, 25, 14, tzinfo=PARIS)
    plan = availability.day_plan(site=site, day=TOMORROW, half="morning", user=None, now=later)
    assert {state.state for state in plan.desks} == {"past"}


def test_a_hold_whose_time_is_up_reads_as_free() -> None:
    site = make_house(desks=1)
    held = make_booking(space=desk(1))
    assert words(site) == {1: "taken"}
    assert held.held_until is not None
    after = availability.day_plan(site=site, day=TOMORROW, half="morning", user=None, now=held.held_until)
    assert after.free_count == 1


def test_the_strip_says_how_full_each_day_is() -> None:
    site = make_house(desks=4)
    for number in (1, 2):
        make_booking(space=desk(number), period=on(TOMORROW, time(9), time(18)))
    gauges = availability.strip(site=site, first=date(2026, 11, 23), now=NOW)
    assert [gauge.percent for gauge in gauges] == [0, 0, 50, 0, 0, 0, 0]
    assert [gauge.is_open for gauge in gauges] == [False] + [True] * 4 + [False] * 2
    assert gauges[0].reason == "passé"
    assert gauges[1].is_today
    assert gauges[2].free == 2


def test_a_habit_is_known_from_the_third_time() -> None:
    site = make_house()
    user = make_user()
    for offset in (1, 2):
        day = TOMORROW + timedelta(days=offset)
        make_confirmed_on(desk(2), day, user)
    assert availability.day_plan(site=site, day=TOMORROW, user=user, now=NOW).usual is None
    make_confirmed_on(desk(2), TOMORROW + timedelta(days=5), user)
    usual = availability.day_plan(site=site, day=TOMORROW, user=user, now=NOW).usual
    assert usual is not None
    assert usual.space.number == 2


def make_confirmed_on(space: Space, day: date, user: object) -> None:
    make_plain_booking(space=space, period=morning(day))
    booking = Occupancy.objects.order_by("-pk")[0].booking
    booking.booked_by = user  # type: ignore[assignment]  # a person
    booking.save()


def test_the_day_plan_takes_three_queries_whatever_the_rows() -> None:
    site = make_house(desks=3)
    user = make_user()

    def read() -> object:
        return availability.day_plan(site=site, day=TOMORROW, half="morning", user=user, now=NOW)

    read()
    few = queries_of(read)
    for number in range(10, 30):
        make_plain_booking(space=make_desk(site, number, equipment=("ecran",)), period=morning())
    assert queries_of(read) == few + 6  # the premises have changed, and are read anew
    assert queries_of(read) == few <= 3


def test_a_rooms_week_shows_any_booking_on_any_of_its_atoms() -> None:
    site = make_house()
    user = make_user()
    left, both = Space.objects.get(code="a"), Space.objects.get(code="ab")
    mine = make_booking(space=both, period=on(TOMORROW, time(10), time(12)), user=user)
    make_plain_booking(space=left, period=on(TOMORROW, time(14), time(20)))
    make_booking(space=Space.objects.get(code="b"), period=on(TOMORROW, time(12), time(13)))

    def read() -> Week:
        return availability.week(site=site, space=left, monday=date(2026, 11, 23), user=user, now=NOW)

    week = read()
    blocks = week.days[2].blocks
    assert [(block.state, block.reference) for block in blocks] == [("mine", mine.reference), ("event", "")]
    assert blocks[1].period == on(TOMORROW, time(14), time(18)).local(PARIS)
    assert (week.first_hour, week.last_hour, week.previous_monday) == (9, 18, None)
    assert queries_of(read) <= 3


def test_the_first_free_room_is_the_soonest_then_the_smallest_that_does() -> None:
    site = make_house()
    day = datetime(2026, 11, 24, 9, 10, tzinfo=PARIS)
    for code in ("a", "b"):
        make_plain_booking(space=Space.objects.get(code=code), period=on(day.date(), time(9), time(12, 15)))
    asked = {"site": site, "length": timedelta(hours=2), "user": None, "now": day}
    offer = availability.first_free_room(capacity=6, **asked)  # type: ignore[arg-type]  # the same words twice
    assert offer is not None
    assert (offer.space.code, offer.period) == ("b", on(day.date(), time(12, 15), time(14, 15)).local(PARIS))
    assert offer.price is not None
    large = availability.first_free_room(capacity=8, **asked)  # type: ignore[arg-type]  # the same words twice
    assert large is not None
    assert large.space.code == "a"
    assert availability.first_free_room(capacity=50, **asked) is None  # type: ignore[arg-type]  # the same words twice


def test_alternatives_are_near_and_alike() -> None:
    site = make_house(desks=0)
    asked = make_desk(site, 1, x=0, equipment=("ecran",))
    near = make_desk(site, 2, x=122)
    alike = make_desk(site, 3, x=200, equipment=("ecran",))
    kept = make_desk(site, 4, x=50, equipment=("ecran", "fauteuil"))
    taken = make_desk(site, 5, x=60, equipment=("ecran",))
    make_plain_booking(space=taken, period=morning())
    found = availability.alternatives(space=asked, period=morning(), now=NOW)
    assert found == [alike, near, kept]


def test_rooms_beside_each_other_are_not_offered_over_what_is_taken() -> None:
    make_house()
    rooms = {space.code: space for space in Space.objects.select_related("site").filter(kind="room")}
    period = on(TOMORROW, time(10), time(11))
    make_plain_booking(space=rooms["a"], period=period)
    assert availability.alternatives(space=rooms["a"], period=period, now=NOW) == [rooms["b"]]


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.sampled_from("abc")), max_size=8)


@pytest.mark.parametrize("examples", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_availability_is_opening_less_occupancies(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(spans=spans, shut=st.none() | st.tuples(st.integers(0, 60), st.integers(1, 20)))
    def holds(spans: list[tuple[int, int, str]], shut: tuple[int, int] | None) -> None:
        opening_less_occupancies_is_available(spans, shut)

    holds()


def opening_less_occupancies_is_available(
    spans: list[tuple[int, int, str]], shut: tuple[int, int] | None
) -> None:
    site = make_house(desks=0)
    rooms = {space.code: space for space in site.spaces.all()}
    rooms["c"] = make_room(site, code="c")
    make_hours(site, 2, time(20), time(1), space=rooms["c"])
    dawn = at(TOMORROW, time(6), PARIS)
    for start, length, code in spans:
        period = Period(dawn + start * QUARTER, dawn + (start + length) * QUARTER)
        if not Occupancy.objects.filter(atom=rooms[code], during__overlap=period.range).exists():
            make_plain_booking(space=rooms[code], period=period)
    if shut:
        period = Period(dawn + shut[0] * QUARTER, dawn + sum(shut) * QUARTER)
        Closure.objects.create(site=site, during=period.range, reason="Travaux")
    taken = {
        code: [
            Period.of(each)
            for each in Occupancy.objects.filter(atom=rooms[code]).values_list("during", flat=True)
        ]
        for code in "abc"
    }
    taken["ab"] = taken["a"] + taken["b"]
    read = of_site(site)
    week = {
        code: availability.week(site=site, space=room, monday=date(2026, 11, 23), user=None, now=NOW).days[2]
        for code, room in rooms.items()
    }
    for step in range(80):
        piece = Period(dawn + step * QUARTER, dawn + (step + 1) * QUARTER)
        if step % 16 == 0:
            free = availability.free_spaces(site=site, kind="room", period=piece, now=NOW)
            wanted_codes = {code for code in rooms if not any(each.overlaps(piece) for each in taken[code])}
            assert {space.code for space in free} == wanted_codes
        for code, room in rooms.items():
            is_open = any(each.contains(piece) for each in read.opening(TOMORROW, room).periods)
            wanted = is_open and not any(each.overlaps(piece) for each in taken[code])
            column = week[code]
            shown = any(each.contains(piece) for each in column.opening) and not any(
                block.period.overlaps(piece) for block in column.blocks
            )
            assert shown == wanted


def test_my_confirmed_booking_is_mine_for_me_only() -> None:
    site = make_house(desks=1)
    user = make_user()
    make_confirmed(space=desk(1), user=user)
    for who, word in ((user, "mine"), (make_user(), "taken"), (None, "taken")):
        plan = availability.day_plan(site=site, day=TOMORROW, half="morning", user=who, now=NOW)
        assert plan.desks[0].state == word
