"""The agenda: what is coming up, as a list and as a month, and to embed elsewhere."""

from datetime import date
from typing import Any

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from bookings.models import Site
from bookings.services import premises
from events import agenda_page, rights
from events.models import Category, Event, Registration
from members.access import public

PER_PAGE = 30
EMBEDDED = 12


@public
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show what is coming up, day by day."""
    now, categories, sites = timezone.now(), list(Category.objects.all()), premises.current().open_sites
    asked = agenda_page.read(request.GET, categories, sites)
    events = Event.objects.visible_to(request.user, now).filter(published_at__isnull=False)
    rows = agenda_page.chosen(events, asked, now).with_mine(request.user).listed()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    first = timezone.localdate(now).replace(day=1)
    context = {
        "asked": asked,
        "chips": agenda_page.chips(asked, categories, sites),
        "days": agenda_page.by_day(page, now),
        "page": page,
        "month": agenda_page.month_of(events, first, now),
        **beside(request, categories, sites),
    }
    return render(request, "events/agenda.html", context)


@public
@require_safe
def month(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show a month: its grid, and its events below."""
    if not (2000 <= year <= 2100 and 1 <= number <= 12):
        raise Http404
    first, now = date(year, number, 1), timezone.now()
    events = Event.objects.visible_to(request.user, now).filter(published_at__isnull=False)
    grid = agenda_page.month_of(events, first, now)
    start, end = agenda_page.day_start(first), agenda_page.day_start(grid.after)
    within = events.filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at", "pk")
    rows = within.with_mine(request.user).listed()
    categories, sites = list(Category.objects.all()), premises.current().open_sites
    context = {
        "month": grid,
        "days": agenda_page.by_day(rows, now),
        **beside(request, categories, sites),
    }
    return render(request, "events/month.html", context)


def beside(request: HttpRequest, categories: list[Category], sites: list[Site]) -> dict[str, Any]:
    """What stands beside the list: the next ticket of who reads, and whether they may propose."""
    now = timezone.now()
    mine = Registration.objects.none()
    if request.user.is_authenticated:
        mine = Registration.objects.made_by(request.user).filter(
            state=Registration.State.CONFIRMED, event__state=Event.State.PUBLISHED, event__ends_at__gt=now
        )
    return {
        "section": "events:agenda",
        "categories": categories,
        "site": sites[0] if sites else None,
        "sites": sites if len(sites) > 1 else [],
        "mine": mine.select_related("event__site", "event__space").order_by("event__starts_at").first(),
        "may_propose": rights.may_propose(request.user, now),
    }


@public
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest) -> HttpResponse:
    """Show the next public events in another site's page: the only one that may be framed."""
    now, categories, sites = timezone.now(), list(Category.objects.all()), premises.current().open_sites
    asked = agenda_page.read(request.GET, categories, sites)
    rows = agenda_page.chosen(Event.objects.public(now).on(), asked, now).listed()[:EMBEDDED]
    return render(request, "events/embed.html", {"days": agenda_page.by_day(rows, now)})
