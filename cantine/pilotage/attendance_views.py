"""« Fréquentation » in /gestion/: the page, each desk and room, and their tables."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.models import Customer
from bookings.models import OpeningHours, Space
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.pipeline import STAGE_WORDS
from cantine.pilotage import attendance, attendance_tables, bars
from cantine.pilotage.asked import PeriodForm, asked_of, sentence
from cantine.pilotage.attendance import Attendance
from cantine.pilotage.attendance_tables import SPACES, TABLES
from cantine.pilotage.bars import Bars
from cantine.pilotage.figures.occupancy import by_space
from members.access import role


@role("manager", "treasurer")
@require_safe
def attended(request: SignedInRequest) -> HttpResponse:
    """Say who comes and when."""
    now = timezone.now()
    asked = asked_of(request, request.user, today=timezone.localdate(now))
    found = attendance.read(asked, now=now)
    buyers = dict(Customer.Buyer.choices)
    context: dict[str, Any] = {
        "asked": asked,
        "found": found,
        "form": PeriodForm(asked),
        "period": sentence([row.month for row in found.months]),
        "weekdays": dict(OpeningHours.Weekday.choices),
        "kinds": [(Space.Kind(kind).label, hours) for kind, hours in found.rate.by_kind().items()],
        "sites": found.rate.by_site().items(),
        "occupancy_bars": occupancy_bars(found),
        "people_bars": people_bars(found),
        "buyers": [(buyers[name], each) for name, each in found.hosted.organisations_by_buyer.items()],
        "stages": [(STAGE_WORDS[each.stage], each) for each in found.rentals.open_stages],
        "later": range(1, max((len(row.later) for row in found.cohorts), default=0) + 1),
    }
    return shown.page(request, "gestion/pilotage/attendance.html", title=_("Fréquentation"), **context)


def occupancy_bars(found: Attendance) -> Bars:
    """How full the place was, month by month."""
    rows = found.months
    before = [row.hours_before.percent for row in rows]
    return bars.draw(
        [row.month for row in rows], [("desks", [row.hours.percent for row in rows])], before, at_least=20
    )


def people_bars(found: Attendance) -> Bars:
    """Who came month by month: those known, and those who were new."""
    rows = found.months
    series = [("desks", [row.known for row in rows]), ("new", [row.people.new for row in rows])]
    return bars.draw([row.month for row in rows], series, [row.people_before.number for row in rows])


@role("manager", "treasurer")
@require_safe
def attended_spaces(request: SignedInRequest) -> HttpResponse:
    """How full each desk and room was, the fullest first."""
    now = timezone.now()
    asked = asked_of(request, request.user, today=timezone.localdate(now))
    span = attendance.span_of(asked, now=now)
    context: dict[str, Any] = {
        "asked": asked,
        "form": PeriodForm(asked),
        "period": sentence([asked.first, asked.last]),
        "rows": by_space(asked.sites, span.first, span.last),
    }
    return shown.page(request, "gestion/pilotage/spaces.html", title=_("Chaque poste et salle"), **context)


@role("manager", "treasurer")
@require_safe
def attended_csv(request: SignedInRequest, table: str) -> HttpResponse:
    """One of the tables, for a spreadsheet."""
    now = timezone.now()
    asked = asked_of(request, request.user, today=timezone.localdate(now))
    if table == SPACES:
        span = attendance.span_of(asked, now=now)
        told = attendance_tables.spaces(by_space(asked.sites, span.first, span.last))
    elif table in TABLES:
        told = TABLES[table](attendance.read(asked, now=now))
    else:
        raise Http404
    answer = HttpResponse(attendance_tables.written(told), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table}-{asked.last:%Y-%m}.csv"'
    return answer
