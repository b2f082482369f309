"""What « Aujourd'hui » offers to book: free desks, and the usual one on the next open morning."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import Site
from bookings.opening import MORNING
from bookings.services import availability
from bookings.services.shown import DayGauge, DayPlan
from bookings.views import wording
from cantine.home.today import Usual
from members.formats import day as say_day
from members.models import User

LOOKED_AT = 8
"""Today and a week: somewhere in there is an open morning."""


def free_desks(gauges: list[DayGauge]) -> tuple[int | None, int | None]:
    """Free desks of today and tomorrow; None on a closed day."""
    today, tomorrow = (each.free if each.is_open else None for each in gauges[:2])
    return today, tomorrow


def gauges_of(site: Site, *, now: datetime) -> list[DayGauge]:
    """Today and the week after it."""
    today = now.astimezone(site.zone).date()
    return availability.strip(site=site, first=today, days=LOOKED_AT, now=now)


def usual_of(user: User, site: Site, gauges: list[DayGauge], *, now: datetime) -> Usual | None:
    """Someone's usual desk on the next open morning; None without habits, or when they can't have it."""
    today = gauges[0].day
    day = next((each.day for each in gauges[1:] if each.is_open), None)
    if day is None:
        return None
    plan = availability.day_plan(site=site, day=day, half=MORNING, user=user, now=now)
    desk = plan.usual
    if desk is None or not desk.is_free or any(each.state == "mine" for each in plan.spaces):
        return None
    return Usual(
        title=title_of(day, today),
        note=note_of(plan),
        action=reverse("bookings:desks", args=[site.code, day]),
        fields={"moment": "matin", "poste": str(desk.space.number)},
    )


def title_of(day: date, today: date) -> str:
    """« Demain matin, comme d'habitude », or the day's name after a weekend."""
    if day - today == timedelta(days=1):
        return _("Demain matin, comme d’habitude")
    named = say_day(day, get_language() or "fr")
    return _("%(day)s au matin, comme d’habitude") % {"day": named[:1].upper() + named[1:]}


def note_of(plan: DayPlan) -> str:
    """« Poste 7, 7,00 € TTC »."""
    desk = plan.usual
    if desk is None:
        return ""
    return f"{desk.space.label}, {wording.amount(desk.price)}" if desk.price else desk.space.label
