"""How full the place is: every figure again, quarter of an hour by quarter of an hour, from the raw rows."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from bookings.models import Closure, Occupancy, OpeningHours, Site, Space, SpacePart
from bookings.period import Period, at
from cantine.pilotage.figures.heat import Cell, Shade, heat_of
from cantine.pilotage.figures.occupancy import by_space, heat_map, occupancy, rate
from tests.factories.bookings import PARIS, make_hours, make_house, make_plain_booking, make_space, on
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 19), date(2026, 11, 12)
"""The night of 25 October has 25 hours; 11 November is a holiday."""
QUARTER = timedelta(minutes=15)


def build() -> Site:
    """Three desks, two rooms that can be joined, a hall open at night; closures of all sorts."""
    site = make_house(name="Falaise")
    hall = make_space(site, "hall", code="hall")
    make_hours(site, 4, time(18), time(2), space=hall)
    make_hours(site, 5, time(20), time(4), space=hall)
    make_hours(site, 2, time(18), time(22), space=site.spaces.get(code="ab"))
    desk = {number: site.spaces.get(number=number) for number in (1, 2, 3)}
    for space, period in (
        (desk[1], on(date(2026, 10, 20), time(9), time(18))),
        (desk[2], on(date(2026, 10, 20), time(9), time(13))),
        (desk[2], on(date(2026, 10, 21), time(17), time(20))),  # beyond the hours
        (desk[1], on(date(2026, 10, 26), time(9), time(13))),  # the Monday after the clocks went back
        (desk[3], on(date(2026, 11, 12), time(13), time(18))),
        (desk[1], on(date(2026, 11, 13), time(9), time(18))),  # after the period
        (site.spaces.get(code="ab"), on(date(2026, 10, 22), time(10), time(12))),
        (site.spaces.get(code="ab"), on(date(2026, 10, 28), time(17), time(22))),
        (site.spaces.get(code="a"), Period(local(10, 29, 14), local(10, 31, 11))),  # over two nights
        (hall, Period(local(10, 23, 22), local(10, 24, 1))),
        (hall, Period(local(10, 24, 21), local(10, 25, 4))),  # over the hour that comes twice
    ):
        make_plain_booking(space=space, period=period)
    make_plain_booking(
        space=desk[3], period=on(date(2026, 10, 20), time(9), time(13)), held_until=local(12, 31, 0)
    )
    shut = on(date(2026, 11, 2), time(9), time(13))
    Closure.objects.create(site=site, during=shut.range, reason="Essai")
    make_plain_booking(space=desk[1], period=shut, purpose="closure")
    Closure.objects.create(
        site=site, space=desk[2], during=on(date(2026, 11, 3), time(9), time(18)).range, reason="Essai"
    )
    Closure.objects.create(
        site=site,
        space=site.spaces.get(code="ab"),
        during=on(date(2026, 11, 4), time(9), time(18)).range,
        reason="Essai",
    )
    return site


def local(month: int, day: int, hour: int) -> datetime:
    return at(date(2026, month, day), time(hour), PARIS)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with lasting(django_db_blocker):
        yield build()


def quarters_open(space: Space) -> Iterator[tuple[date, datetime]]:
    """Each quarter of an hour when an atom is open, with the day of its opening, from the raw rows."""
    users = [part.space for part in SpacePart.objects.filter(atom=space).select_related("space")]
    closures = [row.during for row in Closure.objects.filter(site=space.site)
                if row.space_id is None or row.space_id in {user.pk for user in users}]  # fmt: skip
    feasts = holidays.country_holidays("FR", years=2026)
    found: dict[datetime, date] = {}
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        for user in users:
            own = OpeningHours.objects.filter(space=user)
            rows = own if own.exists() else OpeningHours.objects.filter(site=space.site, space=None)
            for row in rows.filter(weekday=day.weekday()) if day not in feasts else ():
                ends = day + timedelta(days=row.closes <= row.opens)
                instant, end = (
                    datetime.combine(one, clock, tzinfo=PARIS).astimezone(UTC)
                    for one, clock in ((day, row.opens), (ends, row.closes))
                )
                while instant < end:
                    if not any(each.lower <= instant < each.upper for each in closures):
                        found.setdefault(instant, day)
                    instant += QUARTER
    for instant, day in found.items():
        yield day, instant


def recomputed(site: Site) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[int, int], list[int]]]:
    """Quarters taken and open by what they add up to: by space, kind and month; by weekday and hour."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    cells: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for space in Space.objects.filter(site=site, part_of__isnull=False).distinct():
        rows = Occupancy.objects.filter(atom=space, booking__state="confirmed")
        taken = [row.during for row in rows.exclude(booking__purpose="closure")]
        for day, instant in quarters_open(space):
            is_taken = any(each.lower <= instant < each.upper for each in taken)
            for key in (("space", space.code), ("kind", space.kind), ("month", f"{day:%Y-%m}")):
                sums[key][0] += is_taken
                sums[key][1] += 1
            if space.is_desk:
                clock = instant.astimezone(PARIS)
                cells[clock.weekday(), clock.hour][0] += is_taken
                cells[clock.weekday(), clock.hour][1] += 1
    return sums, cells


def test_hours_taken_and_offered_are_those_of_the_raw_rows(site: Site) -> None:
    sums, _cells = recomputed(site)
    found = rate([site], FIRST, LAST)
    told = {("kind", kind): hours for kind, hours in found.by_kind().items()}
    told |= {("month", f"{month:%Y-%m}"): hours for month, hours in found.by_month().items()}
    told |= {("space", space.code): hours for space, hours in by_space([site], FIRST, LAST)}
    assert {key: [hours.taken / QUARTER, hours.offered / QUARTER] for key, hours in told.items()} == sums
    assert found.by_site()[site] == found.hours
    assert rate([site], FIRST, LAST, "desk").hours == found.by_kind()["desk"]


def test_known_answers_at_the_edges(site: Site) -> None:
    told = {space.code: hours for space, hours in by_space([site], FIRST, LAST)}
    nights = 3 * 8 + 3 * 8 + 1  # three Fridays and three Saturdays, one of which has the hour twice
    assert told["hall"].offered == timedelta(hours=nights)
    assert told["hall"].taken == timedelta(hours=3 + 8)
    # Joined rooms took two hours, then five until 22 h; « a » was then taken over two nights, 4 + 9 h open.
    assert told["b"].taken == timedelta(hours=2 + 5)
    assert told["a"].taken == timedelta(hours=2 + 5 + 4 + 9)


def test_the_heat_map_is_the_share_of_desks_taken_while_open(site: Site) -> None:
    _sums, cells = recomputed(site)
    found = heat_map([site], FIRST, LAST)
    told = {
        (day, hour): cell.percent
        for day, row in found.rows
        for hour, cell in zip(found.hours, row, strict=True)
        if cell.percent is not None
    }
    assert told == {key: round(100 * taken / offered) for key, (taken, offered) in cells.items()}
    assert (found.hours, [day for day, _row in found.rows]) == (list(range(9, 18)), [0, 1, 2, 3, 4])
    assert found.desks == 3
    assert found.fullest == (1, 9, round(100 * 2 / 11))  # one of the twelve is shut
    nights = heat_map([site], FIRST, LAST, "hall")
    at_one = dict(nights.rows)[5][nights.hours.index(1)]  # Saturday, one in the morning, of Friday evening
    assert at_one == Cell(0)
    assert dict(nights.rows)[5][nights.hours.index(12)] == Cell(None)


def test_a_period_that_begins_later_for_the_heat_map_changes_nothing_else(site: Site) -> None:
    later = date(2026, 11, 1)
    whole, heat = occupancy([site], FIRST, LAST, heat_from=later)
    assert whole.hours == rate([site], FIRST, LAST).hours
    assert heat == heat_map([site], later, LAST)


def test_where_nothing_is_open_nothing_is_said() -> None:
    empty = rate([], FIRST, LAST)
    assert (empty.percent, empty.hours.taken_hours, heat_map([], FIRST, LAST).rows) == (None, 0, [])
    assert by_space([make_house(desks=0, hours=False)], FIRST, LAST)[:0] == []


def test_the_number_of_queries_grows_with_nothing(site: Site) -> None:
    def queries(sites: list[Site], first: date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            occupancy(sites, first, LAST)
        return len(asked)

    occupancy([site], LAST, LAST)  # the premises are read once, and kept
    few = queries([site], LAST)
    more = make_house(desks=5)
    for number in range(1, 6):
        make_plain_booking(
            space=more.spaces.get(number=number), period=on(date(2026, 10, 20), time(9), time(13))
        )
    occupancy([site], LAST, LAST)  # the premises have changed: they are read once more, and kept
    assert queries([site, more], date(2024, 1, 1)) == few == 2


def test_shades_are_relative_to_the_fullest_hour_and_say_so() -> None:
    found = heat_of({(0, 9): 32, (0, 10): 20, (0, 11): None, (4, 9): 0, (4, 10): 6, (4, 11): 7}, desks=24)
    assert [[(cell.percent, cell.step) for cell in cells] for _day, cells in found.rows] == [
        [(32, 4), (20, 3), (None, 0)],
        [(0, 0), (6, 0), (7, 1)],
    ]
    assert (found.fullest, found.calmest) == ((0, 9, 32), (4, 9, 0))
    assert found.scale == [
        Shade(0, 0, 6),
        Shade(1, 7, 13),
        Shade(2, 14, 19),
        Shade(3, 20, 26),
        Shade(4, 27, 32),
    ]


def test_a_map_of_almost_nothing_has_no_shade_that_nothing_falls_in() -> None:
    assert heat_of({(0, 9): 1, (0, 10): 0}, desks=1).scale == [Shade(0, 0, 0), Shade(2, 1, 1)]
    nobody = heat_of({(0, 9): 0}, desks=1)
    assert (nobody.fullest, nobody.scale) == (None, [])
