"""The report behind a private link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Site
from cantine.pilotage.figures.income import categories
from cantine.report.figures import figures
from cantine.report.links import open_link
from members.access import with_key

KEY = (
    "the private key of a link to the report (192 bits), made by a manager; over or revoked it shows nothing"
)


@with_key(KEY)
@never_cache
@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Show the figures; wrong, over and revoked links get the same answer, and nothing is told onwards."""
    now = timezone.now()
    link = open_link(key, now=now)
    if link is None:
        raise Http404
    sites = [link.site] if link.site else list(Site.objects.order_by("position", "name"))
    months = figures(sites, timezone.localdate(now))
    names = categories(month.income for month in months)
    rows = [(month, [month.income.get(name) for name in names]) for month in months]
    context = {"link": link, "sites": sites, "rows": rows, "categories": names}
    response = render(request, "report/page.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
