"""Dates, hours and euros as people say them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from members import formats


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (Decimal("1234.5"), "1\u202f234,50\u00a0€", "€1,234.50"),
        (Decimal("0"), "0,00\u00a0€", "€0.00"),
        (Decimal("-12"), "\u221212,00\u00a0€", "\u2212€12.00"),
        (Decimal("1234567.005"), "1\u202f234\u202f567,01\u00a0€", "€1,234,567.01"),
    ],
)
def test_says_euros(amount: Decimal, french: str, english: str) -> None:
    assert formats.euros(amount) == french
    assert formats.euros(amount, "en") == english


def test_says_hours() -> None:
    nine, half = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert formats.hour(nine) == "9\u00a0h"
    assert formats.hours(nine, half) == "9\u00a0h\u00a0–\u2060\u00a013\u00a0h\u00a030"
    assert (
        formats.plain(formats.hours(nine, half)) == "9\u00a0h\u00a0–\u00a013\u00a0h\u00a030"
    )  # stored, mailed as text
    assert formats.hours(nine, half, "en") == "9:00\u00a0–\u2060\u00a013:30"


def test_says_days() -> None:
    tuesday, first = date(2026, 11, 24), date(2026, 11, 1)
    assert formats.day(tuesday) == "mardi 24 novembre"
    assert formats.day(tuesday, year=True) == "mardi 24 novembre 2026"
    assert formats.day(tuesday, "en") == "Tuesday 24 November"
    assert formats.day_short(tuesday) == "mar. 24 nov."
    assert formats.date_long(first) == "1er novembre 2026"
    assert formats.date_long(first, "en-gb") == "1 November 2026"


def test_filters_speak_the_language_of_the_page_and_bring_utc_home() -> None:
    source = "{{ sum|euros }} {{ when|hour }} {{ when|day }} {{ nothing|euros }}"
    template = Template("{% load formats %}" + source)
    context = {"sum": Decimal("12"), "when": datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "nothing": None}
    with translation.override("fr"):
        said = template.render(Context(context)).strip()
        assert said == "12,00\u00a0€ 0\u00a0h\u00a030 mercredi 25 novembre"
    with translation.override("en"):
        assert template.render(Context(context)).strip() == "€12.00 0:30 Wednesday 25 November"


def test_midnight_is_of_the_day_that_ends_with_it() -> None:
    friday = datetime(2026, 12, 4, tzinfo=UTC)
    assert formats.last_hour(friday) == (date(2026, 12, 3), "minuit")
    assert formats.last_hour(friday, "en") == (date(2026, 12, 3), "midnight")
    assert formats.last_hour(friday.replace(hour=9)) == (date(2026, 12, 4), "9\u00a0h")
