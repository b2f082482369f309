"""Between an event and the texts of its form, both ways: lines of people and partners, clocks of the site."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from events.models import Event


def pairs(text: str) -> Iterable[tuple[str, str]]:
    """What each line says: a name, then after a comma the rest."""
    for line in text.splitlines():
        name, _comma, rest = line.partition(",")
        if name.strip():
            yield " ".join(name.split()), " ".join(rest.split())


def web_address(text: str) -> str:
    """An address of the web, whole; raises a ValidationError that names what is none."""
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except forms.ValidationError:
        raise forms.ValidationError(
            _("Cette adresse de site web n’est pas valide\u00a0: %s.") % text
        ) from None
    return address[:300]


def initial_of(event: Event) -> dict[str, Any]:
    """What the form shows of an event that is there already."""
    local = event.local
    last = local.end.date()
    over_midnight = last == local.start.date() + timedelta(days=1) and local.end.time() <= local.start.time()
    same = (
        "title", "summary", "description", "language", "category", "audience", "site", "where", "space",
        "place_name", "place_address", "online_link", "setup_minutes", "clearing_minutes", "capacity",
        "has_waiting_list", "refund_hours", "picture_alt",
    )  # fmt: skip
    return {
        **{name: getattr(event, name) for name in same},
        "day": local.start.date(),
        "starts": local.start.time(),
        "ends": local.end.time(),
        "last_day": None if last == local.start.date() or over_midnight else last,
        "tags": ", ".join(event.tags),
        "visible_from": event.visible_from and event.visible_from.astimezone(event.site.zone),
        "speakers": _lines((each.name, each.about) for each in event.speakers.all()),
        "partners": _lines((each.name, each.link) for each in event.partners.all()),
        "organisers": "\n".join(each.user.email for each in event.organisers.select_related("user")),
    }


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(", ".join(part for part in pair if part) for pair in pairs)
