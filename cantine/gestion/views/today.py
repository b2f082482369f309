"""« Aujourd'hui »: who comes, what is to do, where there is room."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import Site
from cantine.gestion import arrivals, day, floor, shown, timeline
from cantine.gestion.day import SiteDay
from cantine.gestion.todo.gathering import todo
from members import reach
from members.formats import hour
from members.models import User

SHOWN = ("attendus", "arrives", "tous")


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show a day of a site: the plan now, what is to do, arrivals, rooms on a time line."""
    if not request.user.has_perm("bookings.view_booking"):
        raise PermissionDenied
    sites = list(reach.seen_by(Site.objects.order_by("position", "name"), request.user))
    site = day.choose_site(sites, request.GET.get("site", ""))
    if site is None:
        return shown.page(request, "gestion/no_site.html", title=_("Aujourd’hui"))
    context = admin.site.each_context(request)
    context |= {"sites": sites, "site": site, **of_day(request, site, context["waiting"])}
    return shown.page(request, "gestion/today.html", **context)


def of_day(request: HttpRequest, site: Site, counts: dict[str, int]) -> dict[str, Any]:
    """What the template shows of a day; four queries, two for tomorrow and one for the invoices."""
    now, language = timezone.now(), shown.language()
    local_today = now.astimezone(site.zone).date()
    asked = shown.day_asked(request, local_today)
    read = day.read(site, asked)
    rows = arrivals.arrivals(read.bookings, zone=site.zone, now=now)
    shown_rows = (
        request.GET.get("voir", "") if request.GET.get("voir") in SHOWN else default_of(asked == local_today)
    )
    found = floor.drawing_of(read)
    return {
        "day": asked,
        "is_today": asked == local_today,
        "previous": asked - timedelta(days=1),
        "next": asked + timedelta(days=1),
        "now": now.astimezone(site.zone),
        "opening": opening_line(read, language),
        "drawing": found[0] if found else None,
        "marks": floor.marks(read, found[2], now=now, language=language) if found else [],
        "figures": floor.figures(read, now=now),
        "todo": todo(
            rows,
            counts,
            site=site,
            today=local_today,
            now=now,
            language=language,
            user=cast("User", request.user),
        ),
        "rows": [row for row in rows if is_shown(row, shown_rows)],
        "voir": shown_rows,
        "expected_count": sum(row.is_expected for row in rows),
        "arrived_count": sum(row.has_come for row in rows),
        "timeline": timeline.timeline(read, now=now, language=language),
        "may_arrive": request.user.has_perm("members.add_user"),
    }


def default_of(is_today: bool) -> str:
    """Today one looks for who is expected; on another day for everyone."""
    return "attendus" if is_today else "tous"


def is_shown(row: arrivals.Arrival, shown_rows: str) -> bool:
    """Whether a row belongs to the tab."""
    return {"attendus": row.is_expected, "arrives": row.has_come}.get(shown_rows, True)


def opening_line(read: SiteDay, language: str) -> str:
    """« Ouvert de 9 h à 18 h », or why not."""
    opening, zone = read.opening, read.site.zone
    if not opening.is_open:
        reason = opening.reason or (opening.closures[0].reason if opening.closures else "")
        return _("Fermé\u00a0: %(reason)s") % {"reason": reason} if reason else _("Fermé")
    first, last = opening.periods[0].start.astimezone(zone), opening.periods[-1].end.astimezone(zone)
    return _("Ouvert de %(first)s à %(last)s") % {
        "first": hour(first, language),
        "last": hour(last, language),
    }
