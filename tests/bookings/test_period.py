"""Periods and local clock times: half-open, never empty, right on the nights the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.errors import NoSuchTime, NotAPeriod
from bookings.period import Period, asked_at, at
from tests.factories.bookings import PARIS

EPOCH = datetime(2027, 1, 1, tzinfo=UTC)
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)


def period(start: int, length: int) -> Period:
    return Period(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=start + length))


periods = st.builds(period, st.integers(0, 3000), st.integers(1, 700))


@given(periods, periods)
def test_overlapping_is_sharing_a_minute(one: Period, other: Period) -> None:
    def minutes(each: Period) -> set[int]:
        first = int((each.start - EPOCH) / timedelta(minutes=1))
        return set(range(first, first + int(each.length / timedelta(minutes=1))))

    assert one.overlaps(other) == other.overlaps(one) == bool(minutes(one) & minutes(other))
    assert one.contains(other) == (minutes(other) <= minutes(one))


@given(periods, st.lists(periods, max_size=8))
def test_what_is_left_is_disjoint_from_what_is_taken_and_nothing_is_lost(
    whole: Period, taken: list[Period]
) -> None:
    left = whole.minus(taken)
    assert not any(each.overlaps(other) for each in left for other in taken)
    assert all(whole.contains(each) for each in left)
    assert all(one.end < other.start for one, other in pairwise(left))
    edges = sorted({whole.start, whole.end, *(each.start for each in taken), *(each.end for each in taken)})
    for start, end in pairwise(edges):
        piece = Period(start, end)
        if whole.contains(piece) and not any(piece.overlaps(other) for other in taken):
            assert any(each.contains(piece) for each in left)


def test_zero_length_and_backwards_are_refused() -> None:
    for length in (0, -1):
        with pytest.raises(NotAPeriod):
            period(0, length)


def test_a_naive_time_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        Period(datetime(2027, 1, 1, 9), datetime(2027, 1, 1, 10))  # noqa: DTZ001


def test_a_time_the_clocks_skip_cannot_be_asked_for() -> None:
    with pytest.raises(NoSuchTime):
        asked_at(FORWARD, time(2, 30), PARIS)
    assert at(FORWARD, time(2, 30), PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert asked_at(BACK, time(2, 30), PARIS) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25), (date(2027, 6, 1), 24)])
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    whole = Period(at(day, time(0), PARIS), at(day + timedelta(days=1), time(0), PARIS))
    assert whole.length == whole.local(PARIS).length == timedelta(hours=hours)


def test_a_local_period_over_the_hour_that_comes_twice_is_a_period() -> None:
    start = datetime(2027, 10, 31, 2, 45, tzinfo=PARIS, fold=0)
    end = datetime(2027, 10, 31, 2, 15, tzinfo=PARIS, fold=1)
    assert Period(start, end).length == timedelta(minutes=30)
