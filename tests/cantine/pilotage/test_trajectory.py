"""The way to the target, ranges, shares and the chart: pure arithmetic."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cantine.pilotage.chart import LINES, axis
from cantine.pilotage.figures.coverage import Money, percent
from cantine.pilotage.figures.income import GROUPS, grouped
from cantine.pilotage.figures.months import apart, between, last_day, months_before, shift
from cantine.pilotage.figures.prices import Changed
from cantine.pilotage.figures.trajectory import Range, Way, merged, summed

MONTHS = st.dates(date(2010, 1, 1), date(2090, 1, 1)).map(lambda day: day.replace(day=1))
EUROS = st.decimals(0, 100_000, places=2)
SHARES = st.integers(0, 300)


@given(MONTHS, st.integers(-300, 300))
def test_months_shift_there_and_back_and_say_how_far(month: date, number: int) -> None:
    there = shift(month, number)
    assert (shift(there, -number), apart(month, there), there.day) == (month, number, 1)
    assert last_day(there) < shift(there, 1)
    assert len(between(month, shift(month, abs(number)))) == abs(number) + 1
    assert months_before(month)[-1] == month


@given(MONTHS, st.integers(1, 60), SHARES, SHARES)
def test_the_way_begins_and_arrives_and_never_leaves_what_is_between(
    start: date, number: int, first: int, last: int
) -> None:
    way = Way(start, first, shift(start, number), last)
    assert way.at(shift(start, -1)) is None
    ends = [way.at(start), way.at(way.due), way.at(shift(way.due, 7))]
    assert ends == [Decimal(first), Decimal(last), Decimal(last)]
    passed = [found for month in between(start, way.due) if (found := way.at(month)) is not None]
    assert passed == sorted(passed, reverse=last < first)
    assert all(min(first, last) <= share <= max(first, last) for share in passed)


@given(st.lists(st.tuples(MONTHS, EUROS), max_size=9), st.lists(st.tuples(MONTHS, EUROS), max_size=9), MONTHS)
def test_ranges_lose_nothing_and_put_nothing_in_the_past(
    booked: list[tuple[date, Decimal]], quoted: list[tuple[date, Decimal]], today: date
) -> None:
    found = merged(booked, quoted, today=today)
    whole = summed(found)
    assert all(month >= today for month in found)
    assert all(each.low <= each.high for each in found.values())
    assert whole.low == sum((amount for _month, amount in booked), Decimal(0))
    assert whole.high - whole.low == sum((amount for _month, amount in quoted), Decimal(0))
    assert Range() + whole == whole


@given(st.dictionaries(st.sampled_from(["postes", "salles", "location", "locations", "", "x"]), EUROS))
def test_groups_add_up_to_the_categories(amounts: dict[str, Decimal]) -> None:
    told = grouped(amounts)
    assert set(told) == set(GROUPS)
    assert sum(told.values()) == sum(amounts.values(), Decimal(0))


@given(EUROS, EUROS, EUROS)
def test_shares_are_of_known_costs_only_and_grants_never_lower_them(
    own: Decimal, costs: Decimal, grants: Decimal
) -> None:
    money = Money(grouped({"postes": own}), costs, grants)
    if not costs:
        assert money.coverage is money.with_grants is None
        return
    assert money.coverage is not None
    assert money.with_grants is not None
    assert abs(Decimal(money.coverage) - 100 * own / costs) <= Decimal("0.5")
    assert money.with_grants >= money.coverage == percent(own, costs)


@given(EUROS, st.integers(-90, 300))
def test_another_price_changes_what_came_in_by_its_share(before: Decimal, share: int) -> None:
    changed = Changed("Postes", share, before)
    assert changed.after - changed.before == changed.difference
    assert abs(changed.difference - before * share / 100) <= Decimal("0.005")


@given(st.decimals(0, 10_000_000, places=2))
def test_the_axis_is_high_enough_and_has_few_lines(highest: Decimal) -> None:
    for in_percent in (True, False):
        if in_percent and highest > 100_000:
            continue
        top, step = axis(highest, in_percent=in_percent)
        assert top >= highest
        assert top % step == 0
    assert top // step == LINES
