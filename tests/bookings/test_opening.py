"""When a place is open: rows, public holidays, closures, hours past midnight, nights the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.opening import ClosureRow, HoursRow, Opening, holiday, opening_on
from bookings.period import QUARTER, Period, at
from tests.factories.bookings import PARIS, TOMORROW, on

WEEK = [
    HoursRow(weekday, opens, closes, half)
    for weekday in range(5)
    for opens, closes, half in ((time(9), time(13), "morning"), (time(14), time(18), "afternoon"))
]


def opening(day: date, rows: list[HoursRow] = WEEK, **more: object) -> Opening:
    return opening_on(day, zone=PARIS, rows=rows, **more)  # type: ignore[arg-type]  # passed through


def test_a_day_has_its_halves_and_runs_from_first_to_last_lunch_included() -> None:
    day = opening(TOMORROW)
    assert day.half("morning") == on(TOMORROW, time(9), time(13))
    assert day.half("afternoon") == on(TOMORROW, time(14), time(18))
    assert day.half("day") == on(TOMORROW, time(9), time(18))
    assert day.half_of(on(TOMORROW, time(9), time(18))) == "day"


def test_a_period_may_span_lunch_but_not_begin_or_end_in_it() -> None:
    day = opening(TOMORROW)
    assert day.allows(on(TOMORROW, time(11), time(15)))
    assert not day.allows(on(TOMORROW, time(13), time(15)))
    assert not day.allows(on(TOMORROW, time(11), time(13, 30)))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 25), "Noël"),
        (date(2027, 3, 29), "Lundi de Pâques"),
        (date(2027, 5, 6), "Ascension"),
        (date(2027, 7, 14), "Fête nationale"),
    ],
)
def test_public_holidays_are_closed_by_rule(day: date, name: str) -> None:
    assert opening(day).hours == ()
    assert opening(day).reason == holiday(day) == name
    assert opening(day, holidays_open=True).is_open


def test_good_friday_is_a_day_like_another_outside_alsace() -> None:
    assert opening(date(2027, 3, 26)).is_open


def test_a_country_the_library_does_not_know_has_no_holidays() -> None:
    assert holiday(date(2026, 12, 25), "ZZ") == ""


def test_a_closure_takes_the_half_it_touches_and_the_day() -> None:
    shut = ClosureRow(on(TOMORROW, time(12), time(13)), "Travaux")
    day = opening(TOMORROW, closures=[shut])
    assert (day.half("morning"), day.half("day")) == (None, None)
    assert day.half("afternoon") is not None
    assert day.reason == "Travaux"
    assert day.periods[0] == on(TOMORROW, time(9), time(12))


def test_a_closure_of_another_space_is_not_ours() -> None:
    shut = ClosureRow(on(TOMORROW, time(9), time(18)), "Travaux", space_id=3)
    assert opening(TOMORROW, closures=[shut], space_id=2).half("day") is not None
    assert opening(TOMORROW, closures=[shut], space_id=2, atoms=[3]).half("day") is None


def test_a_space_with_hours_of_its_own_goes_by_them_past_midnight() -> None:
    rows = [*WEEK, HoursRow(2, time(18), time(2), space_id=9)]
    day = opening(TOMORROW, rows, space_id=9)
    after = TOMORROW + timedelta(days=1)
    assert day.whole == Period(at(TOMORROW, time(18), PARIS), at(after, time(2), PARIS))
    assert opening(TOMORROW, rows, space_id=8).whole == on(TOMORROW, time(9), time(18))
    assert not opening(after, rows, space_id=9).is_open


def test_rows_hold_between_their_dates() -> None:
    rows = [HoursRow(2, time(9), time(12), valid_to=date(2026, 11, 24)), HoursRow(2, time(8), time(12))]
    assert opening(TOMORROW, rows).whole == on(TOMORROW, time(8), time(12))


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 5), (date(2027, 10, 31), 7)])
def test_a_night_lasts_what_it_really_lasts(day: date, hours: int) -> None:
    night = opening(day, [HoursRow(6, time(0), time(6))])
    assert night.whole is not None
    assert night.whole.length == timedelta(hours=hours)


def test_hours_that_the_clocks_skip_leave_nothing() -> None:
    assert not opening(date(2027, 3, 28), [HoursRow(6, time(2), time(3))]).is_open


quarters = st.integers(0, 95)


@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.lists(st.tuples(quarters, quarters), max_size=4),
    st.lists(st.tuples(st.integers(-40, 130), st.integers(1, 60)), max_size=3),
)
def test_what_is_open_is_what_rows_say_less_what_is_shut(
    day: date, spans: list[tuple[int, int]], shut: list[tuple[int, int]]
) -> None:
    def clock(quarter: int) -> time:
        return time(quarter // 4, quarter % 4 * 15)

    rows = [HoursRow(day.weekday(), clock(opens), clock(closes)) for opens, closes in spans]
    midnight = at(day, time(0), PARIS)
    closures = [
        ClosureRow(Period(midnight + start * QUARTER, midnight + (start + length) * QUARTER))
        for start, length in shut
    ]
    found = opening(day, rows, closures=closures, holidays_open=True)
    hours = [period for row in rows if (period := row.period_on(day, PARIS))]
    moment = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=3)
    for _each in range(52 * 4):
        piece = Period(moment, moment + QUARTER)
        wanted = any(each.contains(piece) for each in hours) and not any(
            row.period.overlaps(piece) for row in closures
        )
        assert any(each.contains(piece) for each in found.periods) == wanted
        moment += QUARTER
