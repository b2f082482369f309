"""`{% load formats %}`: dates, hours and euros in the language of the page.

A datetime in UTC is shown in the current time zone; one that already carries a local zone is left as it is.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from members import formats

register = template.Library()


class HasEnds(Protocol):
    """What has a beginning and an end: a Period, an opening."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


def _local(when: datetime) -> datetime:
    if timezone.is_aware(when) and when.tzinfo in (UTC,):
        return timezone.localtime(when)
    return when


def _day_of(when: date | datetime) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


@register.filter
def euros(amount: Decimal | int | None) -> str:
    """« 1 234,50 € »."""
    return "" if amount is None or amount == "" else formats.euros(amount, get_language() or "fr")


@register.filter
def hour(when: datetime | time | None) -> str:
    """« 9 h 30 »."""
    if when is None or when == "":
        return ""
    return formats.hour(_local(when) if isinstance(when, datetime) else when, get_language() or "fr")


@register.filter
def hour_with_day(when: datetime | None) -> str:
    """« 14 h 32 » today; « vendredi 4 décembre, 9 h » on another day."""
    if not when:
        return ""
    local, language = _local(when), get_language() or "fr"
    day, said = formats.last_hour(local, language)
    if day == timezone.localdate(timezone=local.tzinfo):
        return said
    return f"{formats.day(day, language)}, {said}"


@register.filter
def hours(period: HasEnds | None) -> str:
    """« 9 h – 13 h »."""
    if not period:
        return ""
    return formats.hours(_local(period.start), _local(period.end), get_language() or "fr")


@register.filter
def day(when: date | datetime | None) -> str:
    """« mardi 24 novembre »; with its year when that is not this one."""
    if not when:
        return ""
    said = _day_of(when)
    return formats.day(said, get_language() or "fr", year=said.year != timezone.localdate().year)


@register.filter
def day_year(when: date | datetime | None) -> str:
    """« mardi 24 novembre 2026 »."""
    return formats.day(_day_of(when), get_language() or "fr", year=True) if when else ""


@register.filter
def day_short(when: date | datetime | None) -> str:
    """« mar. 24 nov. »."""
    return formats.day_short(_day_of(when), get_language() or "fr") if when else ""


@register.filter
def day_words(when: date | datetime) -> list[str]:
    """« mar. », « 24 », « nov. »: what a stub shows in three lines."""
    return day_short(when).split()


@register.filter
def date_long(when: date | datetime | None) -> str:
    """« 24 novembre 2026 »."""
    return formats.date_long(_day_of(when), get_language() or "fr") if when else ""


@register.filter
def date_short(when: date | datetime | None) -> str:
    """« 24 nov. 2026 »."""
    return formats.date_short(_day_of(when), get_language() or "fr") if when else ""


@register.filter
def moment(when: datetime | None) -> str:
    """« 24 nov. 2026, 9 h 30 »."""
    return formats.moment(_local(when), get_language() or "fr") if when else ""


@register.filter
def span(period: HasEnds | None) -> str:
    """« mardi 1er décembre, toute la journée »."""
    if not period:
        return ""
    return formats.span(_local(period.start), _local(period.end), get_language() or "fr")


@register.filter
def span_year(period: HasEnds | None) -> str:
    """« mardi 1er décembre 2026, toute la journée »."""
    if not period:
        return ""
    return formats.span(_local(period.start), _local(period.end), get_language() or "fr", year=True)
