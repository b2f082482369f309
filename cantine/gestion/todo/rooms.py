"""Rooms to make ready and to set up."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Site
from cantine.gestion import sheet
from cantine.gestion.arrivals import Arrival
from cantine.gestion.todo.line import Todo
from members.formats import hour

ROOMS_SHOWN = 3


def rooms(arrivals: Sequence[Arrival], language: str) -> list[Todo]:
    """The next rooms that someone is about to use."""
    waiting = [row for row in arrivals if row.is_to_prepare][:ROOMS_SHOWN]
    return [
        Todo(
            "board",
            "cidre",
            _("Préparer\u00a0: %(room)s") % {"room": row.place},
            f"{hour(row.start, language)}, {row.name}",
            _("Prête"),
            reverse("admin:make_ready", args=[row.booking.pk]),
            posts=True,
        )
        for row in waiting
    ]


def tomorrow(site: Site, today: date) -> list[Todo]:
    """What is sure for the next day and wants setting up: the sheet says all of it."""
    day = today + timedelta(days=1)
    setups = [each for each in sheet.read(site, day) if not each.is_option]
    if not setups:
        return []
    number = len(setups)
    title = ngettext("%(number)s mise en place demain", "%(number)s mises en place demain", number)
    detail = " · ".join(f"{each.rooms}, {each.when}" for each in setups[:ROOMS_SHOWN])
    href = f"{reverse('admin:day_sheet')}?site={site.code}&jour={day.isoformat()}"
    return [Todo("board", "cidre", title % {"number": number}, detail, _("Voir"), href)]
