"""The place and its hours, from the answers."""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django.utils.text import slugify

from billing.models import Seller
from bookings.models import OpeningHours, Site, Space
from cantine.setup.answers import Section
from cantine.setup.writing import Report, put

FIELDS = (
    "name",
    "place",
    "address",
    "postcode",
    "city",
    "country",
    "subdivision",
    "timezone",
    "email",
    "phone",
    "door",
    "door_code",
    "wifi_name",
    "wifi_password",
    "directions",
    "desk_payment",
    "holidays_open",
    "horizon_days",
    "is_open",
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NUMBERS = {name: number for names in (DAYS, JOURS) for number, name in enumerate(names)}
SPAN = re.compile(r"^\s*(\d{1,2})[:hH](\d{2})?\s*[-–]\s*(\d{1,2})[:hH](\d{2})?\s*$")
WHOLE = "whole"
PARTS = {"morning": "morning", "afternoon": "afternoon", WHOLE: ""}
Row = tuple[int, str, time, time]


def standing(code: str = "") -> Site | None:
    """The site that the answers speak of: the one of this code, or the only one."""
    sites = Site.objects.select_related("seller")
    if code:
        return sites.filter(code=code).first()
    found = list(sites[:2])
    return found[0] if len(found) == 1 else None


def write(section: Section, seller: Seller | None, report: Report) -> Site | None:
    """Step: make or change the site; it sells for `seller` where one was answered."""
    section.only("code", *FIELDS)
    code = section.text("code")
    site = standing(code) or Site(code=code or slugify(section.text("name"))[:40])
    given = {name: section.values[name] for name in FIELDS if name in section.values}
    if site.seller_id is None and seller is None:
        section.refuse("", "say who sells there under [seller] first.")
        return None
    if not site.code:
        section.refuse("name", "say how people call the place.")
        return None
    moved = bool(site.pk) and seller is not None and site.seller_id != seller.pk
    if seller is not None:
        site.seller = seller
    if not put(site, given, section=section, report=report, called=f"site {site.code}"):
        return None
    if moved:
        site.save(update_fields=["seller"])
        report.say(f"site {site.code}: sells for {site.seller}")
    return site


def write_hours(sections: Sequence[Section], site: Site, report: Report) -> None:
    """Step: hours that are answered replace those of the same scope: the whole site, or one space."""
    scopes: dict[str, set[Row]] = {}
    for section in sections:
        section.only("days", "space", *PARTS)
        rows = scopes.setdefault(section.text("space"), set())
        rows |= set(_rows(section))
    spaces = {space.code: space for space in site.spaces.all()}
    for code, rows in scopes.items():
        if code and code not in spaces:
            named = next(each for each in sections if each.text("space") == code)
            named.refuse("space", f"no space of {site.code} has this code.")
        elif rows:
            _replace(site, spaces.get(code), rows, report)


def _replace(site: Site, space: Space | None, rows: set[Row], report: Report) -> None:
    there = OpeningHours.objects.filter(site=site, space=space, valid_to=None)
    stands = set(there.values_list("weekday", "half", "opens", "closes"))
    if stands == rows:
        report.unchanged += len(rows)
        return
    there.delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(site=site, space=space, weekday=weekday, half=half, opens=opens, closes=closes)
        for weekday, half, opens, closes in sorted(rows)
    )
    report.say(f"opening hours of {space.code if space else site.code}: {len(rows)} lines")


def _rows(section: Section) -> Iterable[Row]:
    days = days_of(section.values.get("days", ""))
    if not days:
        section.refuse("days", 'write "monday-friday", or a list such as ["monday", "saturday"].')
    answered = False
    for part, half in PARTS.items():
        if part not in section.values:
            continue
        answered = True
        span = span_of(section.values[part])
        if span is None:
            section.refuse(part, 'write hours as "09:00-13:00".')
            continue
        yield from ((day, half, *span) for day in days)
    if not answered:
        section.refuse("", "say morning and afternoon, or whole.")


def days_of(given: Any) -> list[int]:
    """Weekdays by number, from « monday-friday », « lundi » or a list; empty when it can't be read."""
    if isinstance(given, list):
        each = [days_of(one) for one in given]
        return sorted({day for days in each for day in days}) if all(each) else []
    first, _dash, last = str(given).strip().lower().replace("–", "-").partition("-")
    start, end = NUMBERS.get(first.strip()), NUMBERS.get((last or first).strip())
    return [] if start is None or end is None else list(range(start, end + 1))


def span_of(given: Any) -> tuple[time, time] | None:
    """Two clock times; None when they can't be read."""
    found = SPAN.match(given) if isinstance(given, str) else None
    if found is None:
        return None
    start, start_minutes, end, end_minutes = (int(part or 0) for part in found.groups())
    if max(start, end) > 23 or max(start_minutes, end_minutes) > 59:
        return None
    return time(start, start_minutes), time(end, end_minutes)
