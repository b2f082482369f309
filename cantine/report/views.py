"""The report behind a private link: the figures of today, and the reports that were issued."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.documents.files import PDF
from bookings.models import Site
from cantine.models import FrozenReport, ReportLink
from cantine.pilotage.figures.income import GROUPS, grouped
from cantine.report.figures import figures
from cantine.report.guarding import Shut, private, says_when_shut
from cantine.report.links import open_link
from cantine.report.printing import paragraphs, replacing, sections_of
from cantine.report.sheet import CSV, sheet_of
from members.access import with_key

KEY = (
    "the private key of a link to the report (192 bits), made by a manager; over or revoked it shows nothing"
)


@with_key(KEY)
@never_cache
@says_when_shut
@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Show the figures; wrong, over and revoked links get the same answer, and nothing is told onwards."""
    now = timezone.now()
    link = opened(key)
    sites = [link.site] if link.site else list(Site.objects.order_by("position", "name"))
    months = figures(sites, timezone.localdate(now))
    rows = [(month, [grouped(month.income)[group] for group in GROUPS]) for month in months]
    context = {
        "link": link,
        "sites": sites,
        "rows": rows,
        "categories": list(GROUPS.values()),
        "reports": FrozenReport.objects.for_funder(link.site).defer("data"),
    }
    return private(render(request, "report/page.html", context))


@with_key(KEY)
@never_cache
@says_when_shut
@require_safe
def issued(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Read a report that was issued, in its own language."""
    link = opened(key)
    found = report_of(link, pk)
    return private(render(request, "report/issued.html", {"link": link, **shown(found)}))


@with_key(KEY)
@never_cache
@says_when_shut
@require_safe
def issued_pdf(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Give its PDF: the same bytes every time."""
    found = report_of(opened(key), pk)
    if not hasattr(found, "made"):
        raise Http404
    name = f"{found.file_name}.pdf"
    return private(FileResponse(found.made.file.open("rb"), content_type=PDF, filename=name))


@with_key(KEY)
@never_cache
@says_when_shut
@require_safe
def issued_csv(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Give its figures as a table."""
    found = report_of(opened(key), pk)
    with translation.override(found.language):
        answer = HttpResponse(sheet_of(found.data), content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}.csv"'
    return private(answer)


def opened(key: str) -> ReportLink:
    """The link of a key; raises `Shut`."""
    link = open_link(key, now=timezone.now())
    if link is None:
        raise Shut
    return link


def report_of(link: ReportLink, pk: int) -> FrozenReport:
    """A report that the link opens: issued, by quarter or year, about its site."""
    return get_object_or_404(FrozenReport.objects.for_funder(link.site).select_related("replaces"), pk=pk)


def shown(found: FrozenReport) -> dict[str, Any]:
    """What a page needs to show a report that was issued."""
    with translation.override(found.language):
        return {
            "report": found,
            "told": found.data,
            "sections": sections_of(found.data, found.language),
            "commentary": paragraphs(found.commentary),
            "replacing": replacing(found),
        }
