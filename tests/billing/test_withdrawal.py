"""The fourteen days of a consumer, and which services begin within them."""

from datetime import date

import pytest

from billing.withdrawal import last_day, starts_before_the_end


@pytest.mark.parametrize(
    ("ordered_on", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 8)),
        (date(2026, 11, 28), date(2026, 12, 14)),  # a Saturday moves to the Monday
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 12, 18), date(2027, 1, 4)),  # New Year's Day, then a weekend
        (date(2028, 2, 15), date(2028, 2, 29)),
    ],
)
def test_the_period_ends_on_a_working_day(ordered_on: date, last: date) -> None:
    assert last_day(ordered_on) == last


def test_a_service_of_its_last_day_begins_within_it_and_the_next_does_not() -> None:
    ordered = date(2026, 11, 24)
    assert starts_before_the_end(date(2026, 11, 24), ordered_on=ordered)
    assert starts_before_the_end(date(2026, 12, 8), ordered_on=ordered)
    assert not starts_before_the_end(date(2026, 12, 9), ordered_on=ordered)
