"""« Rapports »: what was sent outside, the preview of another with its commentary, and issuing it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models import Site
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.reports_form import ChooseForm, WordsForm
from cantine.models import FrozenReport, ReportDraft
from cantine.report.drafting import again, keep_draft, words_of
from cantine.report.drafts import GENERAL
from cantine.report.issuing import issue_report
from cantine.report.metropole.parts import TITLES
from cantine.report.metropole.reading import read
from cantine.report.metropole.term import Term, term_of
from cantine.report.metropole.writing import written
from cantine.report.printing import sections_of
from cantine.report.told import Told
from cantine.report.views import shown as shown_report
from members import reach
from members.access import role
from members.errors import Refused

PER_PAGE = 20
Chosen = tuple[Site | None, Term]


@role("manager", "treasurer")
@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """List what was issued within reach, what is being written, and offer another."""
    today, user = timezone.localdate(), request.user
    issued_ones = reach.seen_by(FrozenReport.objects.all(), user).defer("data")
    rows = issued_ones.select_related("made", "issued_by", "site", "replaced_by")
    drafts = reach.managed_by(ReportDraft.objects.select_related("site", "kept_by"), user)
    everywhere = reach.of(user).everywhere
    sites = reach.managed_by(Site.objects.order_by("position", "name"), user)
    context: dict[str, Any] = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "drafts": [(draft, Term(draft.kind, draft.first)) for draft in drafts],
        "form": None if reach.of(user).is_empty else ChooseForm(sites, everywhere=everywhere, today=today),
        "everywhere": everywhere,
    }
    return shown.page(request, "gestion/reports.html", title=_("Rapports"), **context)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest) -> HttpResponse:
    """Show a report as it would be issued, with the places of its commentary; POST keeps what is written."""
    site, term = chosen(request)
    words = words_of(term.kind, site, term.first)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        TITLES,
        words=words,
    )
    if request.method == "POST" and form.is_valid():
        now, user = timezone.now(), request.user
        keep_draft(kind=term.kind, site=site, first=term.first, words=form.cleaned_data, by=user, now=now)
        if "emettre" in request.POST:
            return redirect(f"{reverse('admin:report_issue')}?{query_of(site, term)}")
        messages.success(request, _("Le brouillon est gardé."))
        return redirect(f"{reverse('admin:report_preview')}?{query_of(site, term)}")
    told = drawn(site, term)
    here, sections = about(site, term), sections_of(told, shown.language())
    kept = again(words, here["standing"])
    context = {
        **here,
        "told": told,
        "sections": [(each, form[each["key"]], each["key"] in kept) for each in sections],
        "form": form,
        "general": form[GENERAL],
        "general_again": GENERAL in kept,
    }
    status = 422 if form.errors else 200
    return shown.page(request, "gestion/report_preview.html", status, title=term.label, **context)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest) -> HttpResponse:
    """Ask before a report is issued, then issue it in French, as its readers read it."""
    site, term = chosen(request)
    here = about(site, term)
    if request.method == "POST":
        return issue(request, site, term)
    words = words_of(term.kind, site, term.first)
    kept = again(words, here["standing"])
    context = {
        **here,
        "general": words.get(GENERAL, ""),
        "general_again": GENERAL in kept,
        "said": [(title, words[key], key in kept) for key, title in TITLES.items() if words.get(key)],
    }
    return shown.page(request, "gestion/report_issue.html", title=_("Émettre le rapport"), **context)


def issue(request: SignedInRequest, site: Site | None, term: Term) -> HttpResponse:
    """Keep the report as it is now."""
    now = timezone.now()
    words = words_of(term.kind, site, term.first)
    replaces = request.POST.get("remplace", "")
    try:
        with translation.override("fr"):
            told = written(read(site, term, now=now), words)
        report = issue_report(
            kind=term.kind,
            site=site,
            first=term.first,
            last=term.last,
            data=told,
            commentary=words.get(GENERAL, ""),
            by=request.user,
            now=now,
            replaces=int(replaces) if replaces.isascii() and replaces.isdigit() else None,
        )
    except Refused as refused:
        shown.refuse(request, refused)
        return redirect(f"{reverse('admin:report_preview')}?{query_of(site, term)}")
    messages.success(request, _("Le rapport est émis\u00a0: ses chiffres ne changent plus."))
    return redirect("admin:report_issued", report.pk)


@role("manager", "treasurer")
@require_safe
def issued(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read a report that was issued."""
    rows = FrozenReport.objects.select_related("made", "issued_by", "site", "replaces", "replaced_by")
    report = get_object_or_404(reach.seen_by(rows, request.user), pk=pk)
    context: dict[str, Any] = shown_report(report)
    return shown.page(request, "gestion/report_issued.html", title=report.data["title"], **context)


def chosen(request: SignedInRequest) -> Chosen:
    """The site and period of the address, within what this person manages; all sites only for who does."""
    code, term = request.GET.get("site", ""), term_of(request.GET.get("periode", ""), timezone.localdate())
    if term is None or (not code and not reach.of(request.user).everywhere):
        raise Http404
    if not code:
        return None, term
    return get_object_or_404(reach.managed_by(Site.objects.all(), request.user), code=code), term


def drawn(site: Site | None, term: Term) -> Told:
    """The report as it would be issued now, in the language of the screen."""
    return written(read(site, term, now=timezone.now()), {})


def about(site: Site | None, term: Term) -> dict[str, Any]:
    """Which report a page is about, and which version stands."""
    return {
        "site": site,
        "term": term,
        "query": query_of(site, term),
        "standing": FrozenReport.objects.of_period(term.kind, site, term.first).first(),
        "is_over": term.is_over(timezone.localdate()),
    }


def query_of(site: Site | None, term: Term) -> str:
    """What names a report in an address."""
    return urlencode({"site": site.code if site else "", "periode": term.code})
