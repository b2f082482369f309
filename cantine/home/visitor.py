"""What the home page says of the place to a visitor: its prices, and whether it is open today."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bookings.errors import Closed
from bookings.models import Site
from bookings.period import Period
from bookings.services import availability, prices
from cantine.home.programme import next_events
from members.formats import euros, hours
from members.models import User


def context(now: datetime) -> dict[str, Any]:
    """The page of the first site that takes bookings; without one it only says what the place is."""
    site = Site.objects.open().first()
    if site is None:
        empty = not Site.objects.exists()
        return {"card": [], "events": next_events(AnonymousUser(), now), "open_line": "", "empty": empty}
    language = get_language() or "fr"
    today = now.astimezone(site.zone).date()
    return {
        "site": site,
        "card": price_rows(site, today),
        "events": next_events(AnonymousUser(), now),
        "open_line": open_line(site, now, language),
    }


def price_rows(site: Site, day: date, user: User | None = None) -> list[tuple[str, str, str]]:
    """The rows of « La carte »: name, line below, price for `user`, or for anyone."""
    language = get_language() or "fr"
    return [(row.name, row.note, euros(row.amount, language)) for row in prices.card(site, day, user)]


def open_line(site: Site, now: datetime, language: str) -> str:
    """« Ouvert aujourd'hui de 9 h à 18 h, 10 postes libres toute la journée »; empty on a closed day."""
    today = now.astimezone(site.zone).date()
    period = whole_day(site, now)
    if period is None or period.end <= now:
        return ""
    said = hours_line(site, now, language)
    free = availability.strip(site=site, first=today, days=1, now=now)[0].free
    if not free:
        return said
    desks = ngettext("%(n)s poste libre toute la journée", "%(n)s postes libres toute la journée", free)
    return f"{said}, " + desks % {"n": free}


def hours_line(site: Site, now: datetime, language: str) -> str:
    """« Aujourd'hui, ouvert 9 h – 18 h », over or not; or that it is closed."""
    period = whole_day(site, now)
    if period is None:
        return _("Fermé aujourd’hui")
    local = period.local(site.zone)
    return _("Ouvert aujourd’hui, %(hours)s") % {"hours": hours(local.start, local.end, language)}


def whole_day(site: Site, now: datetime) -> Period | None:
    """Today's opening, from the first hour to the last."""
    try:
        today = now.astimezone(site.zone).date()
        return availability.half_period(site=site, day=today, half="day")
    except Closed:
        return None
