"""« Dossier French Tech »: the evidence of a year, what the file lacks, issuing it, and what was issued."""

from datetime import date

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.documents.files import PDF
from bookings.views.requests import SignedInRequest
from cantine.ecosystem.evidence import Evidence, evidence
from cantine.ecosystem.export import sheet_of_file
from cantine.ecosystem.file import read_file
from cantine.ecosystem.gaps import gaps
from cantine.gestion import shown
from cantine.gestion.everywhere import everywhere
from cantine.gestion.french_tech_form import FIRST_YEAR, CommentaryForm
from cantine.models import FrozenReport, FrozenReportFile
from cantine.report.issuing import issue_report
from cantine.report.sheet import CSV, sheet_of
from members import reach
from members.access import role
from members.errors import Refused


@role("manager")
@everywhere
@require_http_methods(["GET", "HEAD", "POST"])
def french_tech(request: SignedInRequest) -> HttpResponse:
    """Show the evidence of a year as it is now, and what was issued; POST issues it."""
    now = timezone.now()
    today = timezone.localdate(now)
    year = year_asked(request, today)
    form = CommentaryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return issued(request, year, form.cleaned_data["commentary"])
    found = evidence(read_file(now), year=year, today=today)
    reports = FrozenReport.objects.filter(kind=FrozenReport.Kind.FRENCH_TECH)
    context = {
        "year": year,
        "years": (year - 1 if year > FIRST_YEAR else None, year + 1 if year < today.year else None),
        "tiles": found.told["tiles"],
        "sections": linked(found),
        "notes": found.told["notes"],
        "gaps": gaps(today),
        "form": form,
        "reports": reports.select_related("made", "issued_by").defer("data"),
    }
    title, status = _("Dossier French Tech"), 422 if form.errors else 200
    return shown.page(request, "gestion/french_tech.html", status, title=title, **context)


def linked(found: Evidence) -> list[dict[str, object]]:
    """The sections for the page: each row with the list of organisations it counts."""
    here = reverse("admin:members_organisation_changelist")
    return [
        {
            **section,
            "tables": [
                {
                    **each.table,
                    "lines": [
                        (f"{here}?{each.links[index]}" if index < len(each.links) else "", row[0], row[1:])
                        for index, row in enumerate(each.table["rows"])
                    ],
                }
                for each in tables
            ],
        }
        for section, tables in found.linked
    ]


def issued(request: SignedInRequest, year: int, commentary: str) -> HttpResponse:
    """Keep the evidence as it is now, in French: the committee reads it."""
    now = timezone.now()
    today = timezone.localdate(now)
    with translation.override("fr"):
        told = evidence(read_file(now), year=year, today=today).told
    try:
        issue_report(
            kind=FrozenReport.Kind.FRENCH_TECH,
            site=None,
            first=date(year, 1, 1),
            last=min(date(year, 12, 31), today),
            data=told,
            commentary=commentary,
            by=request.user,
            now=now,
        )
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("Le dossier est émis\u00a0: ses chiffres ne changent plus."))
    return redirect(f"{reverse('admin:french_tech')}?annee={year}#emis")


def year_asked(request: SignedInRequest, today: date) -> int:
    """The year of `?annee=`, or the running one."""
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return min(max(year, FIRST_YEAR), today.year)


@role("manager")
@everywhere
@require_safe
def ecosystem_csv(request: SignedInRequest) -> HttpResponse:
    """Give the whole file as the table it may be taken over from."""
    now = timezone.now()
    with translation.override("fr"):
        content = sheet_of_file(read_file(now), timezone.localdate(now).year)
    return attached(content, "ecosysteme")


@role("manager", "treasurer")
@require_safe
def report_pdf(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Give the PDF of a report that was issued: the same bytes every time."""
    reports = reach.seen_by(FrozenReport.objects.all(), request.user)
    row = get_object_or_404(FrozenReportFile.objects.select_related("report"), report=pk, report__in=reports)
    name = f"{row.report.file_name}.pdf"
    return FileResponse(row.file.open("rb"), content_type=PDF, filename=name)


@role("manager", "treasurer")
@require_safe
def report_csv(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the figures of a report that was issued, as a table."""
    report = get_object_or_404(reach.seen_by(FrozenReport.objects.all(), request.user), pk=pk)
    with translation.override(report.language):
        return attached(sheet_of(report.data), report.file_name)


def attached(content: str, name: str) -> HttpResponse:
    """A table to keep."""
    answer = HttpResponse(content, content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
