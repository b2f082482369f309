"""The sheet of a day for setting up: to read on a phone or to print."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import Site
from bookings.views.requests import SignedInRequest
from cantine.gestion import day, sheet, shown
from members import reach
from members.access import role
from members.formats import day as day_said


@role("manager", "treasurer")
@require_safe
def day_sheet(request: SignedInRequest) -> HttpResponse:
    """Show what is to be set up at a site on a day."""
    site = day.choose_site(
        reach.seen_by(Site.objects.order_by("position", "name"), request.user), request.GET.get("site", "")
    )
    title = _("Feuille de mise en place")
    if site is None:
        return shown.page(request, "gestion/no_site.html", title=title)
    asked = shown.day_asked(request, timezone.now().astimezone(site.zone).date())
    context: dict[str, Any] = {
        "site": site,
        "day": asked,
        "day_said": capfirst(day_said(asked, shown.language(), year=True)),
        "setups": sheet.read(site, asked),
    }
    return shown.page(request, "gestion/sheet.html", title=title, **context)
