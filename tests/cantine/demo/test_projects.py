"""The demonstration's projects on paper: whatever day it is told from, they fit into the house."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cantine.demo.diary import Act, Diary
from cantine.demo.projects import AROUND, SATURDAY, WANTED, days_of, one_a_way
from cantine.demo.rentals import RENTED
from cantine.demo.ways import WAYS

PARIS = ZoneInfo("Europe/Paris")
DAYS = [
    date(2028, 2, 29),
    date(2027, 3, 28),  # an hour is missing
    date(2027, 10, 31),  # an hour comes twice
    date(2027, 1, 1),
    date(2026, 12, 31),
    *(date(2027, 5, 3) + timedelta(days=days) for days in range(7)),
]


def test_there_are_seventy_two_of_every_kind_and_every_way() -> None:
    assert len(WANTED) == 72
    assert {each.way for each in WANTED} == {*WAYS, "cancelled"}
    assert {each.buyer for each in WANTED} == {"consumer", "business", "association", "public"}
    assert {each.discount for each in WANTED} == {"", "startup", "school"}
    assert {each.site for each in WANTED} == {"rouen", "le-havre"}
    assert {each.way for each in one_a_way()} == {each.way for each in WANTED}


def test_every_name_is_plainly_invented_and_every_address_nobody_s() -> None:
    assert all(each.who.endswith(" Essai") for each in WANTED)
    assert all(each.email.isascii() and each.email.endswith(".example") for each in WANTED)
    assert max(Counter(each.email for each in WANTED).values()) == 1


def test_they_fit_into_the_spaces_as_they_are_set_up() -> None:
    layouts = {(site, row.code): row.layouts for site, rows in RENTED.items() for row in rows}
    for each in WANTED:
        if each.space:
            most = layouts[each.site, each.space]
            assert each.people <= (most[each.layout] if each.layout else max(most.values())), each.who


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_each_has_a_weekday_of_its_own_on_the_side_of_today_it_was_meant_for(today: date) -> None:
    taken: Counter[tuple[str, str, date]] = Counter()
    for each, day in days_of(WANTED, today).items():
        assert day.weekday() < SATURDAY
        assert (day > today) == (each.day > 0)
        assert day > today - timedelta(days=each.came)
        assert not each.cancelled or day - timedelta(days=each.cancelled) > today - timedelta(days=each.came)
        for atom in AROUND.get(each.space, {each.space}):
            taken[each.site, atom, day] += not each.rival
    assert max(taken.values()) == 1


def test_the_diary_keeps_the_order_of_time_and_forgets_what_is_to_come() -> None:
    now = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    diary, done = Diary(now), list[tuple[str, datetime]]()

    def act(name: str) -> Act:
        return lambda at: done.append((name, at))

    for name, days in (("today", 0), ("eve", -1), ("tomorrow", 1), ("again", 0)):
        day = date(2027, 3, 28) + timedelta(days=days)
        diary.note(day, time(10), PARIS, act(name))
    diary.live_until(now - timedelta(hours=2))
    assert [name for name, _at in done] == ["eve"]
    diary.live_until(now)
    assert done == [
        ("eve", datetime(2027, 3, 27, 9, tzinfo=UTC)),
        ("today", now),  # ten o'clock has yet to come: it is told as done
        ("again", now),
    ]
