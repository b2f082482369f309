"""« Comptes »: the books of a seller over a period, for the treasurer and for who manages all of a seller."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.accounting import fec as writing
from billing.accounting.books import Sums, entries_of, sums_by_journal
from billing.accounting.entries import JOURNALS
from billing.accounting.fec_reading import problems, read
from billing.accounting.periods import years_of
from bookings.reach import whole_sellers
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.accounts import earned, owing, reports, vat
from cantine.gestion.accounts.asking import Asked, ask, presets
from cantine.gestion.accounts.reports import Report, heads
from cantine.gestion.accounts.tables import Cell, Table, csv_of
from members.access import role
from members.services.reading import note_list

PER_PAGE = 100
PAGES: tuple[tuple[str, str | Promise], ...] = (
    ("accounts", _("Balance")),
    ("accounts_entries", _("Écritures")),
    ("accounts_vat", _("TVA")),
    ("accounts_receivables", _("À recevoir")),
    ("accounts_revenue", _("Produits")),
    ("accounts_fec", _("FEC")),
)


@role("manager", "treasurer")
@require_safe
def accounts(request: SignedInRequest) -> HttpResponse:
    """The trial balance."""
    return answer(request, "accounts", reports.balance)


@role("manager", "treasurer")
@require_safe
def accounts_entries(request: SignedInRequest) -> HttpResponse:
    """The journal."""
    return answer(request, "accounts_entries", reports.journal)


@role("manager", "treasurer")
@require_safe
def accounts_vat(request: SignedInRequest) -> HttpResponse:
    """VAT by rate."""
    return answer(request, "accounts_vat", vat.vat)


@role("manager", "treasurer")
@require_safe
def accounts_receivables(request: SignedInRequest) -> HttpResponse:
    """What is owed, by age."""
    return answer(request, "accounts_receivables", owing.owed)


@role("manager", "treasurer")
@require_safe
def accounts_revenue(request: SignedInRequest) -> HttpResponse:
    """Revenue by category."""
    return answer(request, "accounts_revenue", earned.income)


@role("manager", "treasurer")
@require_safe
def accounts_fec(request: SignedInRequest) -> HttpResponse:
    """The FEC, checked as it is written; `?fichier=1` gives it with its description."""
    form, asked = ask(request, whole_sellers(request.user), timezone.now())
    if asked is None:
        return page(request, "accounts_fec", form, None)
    years = list(years_of(asked.period, asked.seller.fiscal_year_starts_in))
    if len(years) > 1:
        return page(request, "accounts_fec", form, asked, across=True)
    entries = entries_of(asked.seller, asked.period)
    name = writing.file_name(asked.seller, asked.period.last)
    if "fichier" in request.GET:
        note(request, len(entries), is_file=True)
        archive = writing.archive(asked.seller, asked.period, entries)
        return download(archive, name.replace(".txt", ".zip"), "application/zip")
    first = entries[0].number if entries else 1
    wrong = list(problems(read(writing.fec(entries)), first=first))
    table = of_journals(sums_by_journal(entries))
    context = {"file_name": name, "wrong": wrong, "number": len(entries), "file": asked.query(fichier="1")}
    return page(request, "accounts_fec", form, asked, tables=[(table, None)], **context)


def of_journals(sums: dict[str, Sums]) -> Table:
    """Sums of each journal, for the page of the FEC."""
    rows = [
        [Cell(code), Cell(JOURNALS[code]), Cell(each.debit), Cell(each.credit)] for code, each in sums.items()
    ]
    foot = [Cell(str(reports.TOTAL)), Cell(""), reports.total([each.debit for each in sums.values()])]
    foot.append(reports.total([each.credit for each in sums.values()]))
    return Table(heads(_("Journal"), _("Intitulé"), _("Débit"), _("Crédit"), sums=2), rows, foot)


def answer(request: SignedInRequest, name: str, report_of: Callable[[Asked], Report]) -> HttpResponse:
    """Ask for seller and period, then show the report, or give its table."""
    form, asked = ask(request, whole_sellers(request.user), timezone.now())
    if asked is None:
        return page(request, name, form, None)
    report = report_of(asked)
    if "csv" in request.GET and report.main:
        note_customers(request, [report.main], is_file=True)
        file_name = f"{report.name}-{asked.seller.code}-{asked.period.first}-{asked.period.last}.csv"
        return download(csv_of(report.main).encode(), file_name, "text/csv; charset=utf-8")
    tables = [(each, None) for each in (report.table,) if each]
    if report.detail:
        rows = Paginator(report.detail.rows, PER_PAGE).get_page(request.GET.get("page"))
        tables.append((report.detail.only(rows), rows))  # type: ignore[arg-type]  # the page of its rows
    beside = report.beside()
    note_customers(request, [each for each in (report.main, *beside) if each])
    tables += [(each, None) for each in beside]
    query = asked.query(**asked.more)
    context = {"definition": report.definition, "csv": f"{query}&csv=1", "query": f"{query[1:]}&"}
    return page(request, name, form, asked, tables=tables, **context)


def note_customers(request: SignedInRequest, tables: Sequence[Table], *, is_file: bool = False) -> None:
    """Note the reading of tables where they name customers."""
    naming = [table for table in tables if table.customers]
    if naming:
        note(request, sum(len(table.rows) for table in naming), is_file=is_file)


def note(request: SignedInRequest, lines: int, *, is_file: bool) -> None:
    """Note who read, or took away, a list that names customers."""
    note_list(
        reader=request.user,
        page=request.path,
        asked=request.GET,
        people=lines,
        now=timezone.now(),
        is_file=is_file,
    )


def page(request: SignedInRequest, name: str, form: Any, asked: Asked | None, **context: Any) -> HttpResponse:
    """Render a page of « Comptes »."""
    query = asked.query() if asked else ""
    tabs = [(label, reverse(f"admin:{each}") + query, each == name) for each, label in PAGES]
    return shown.page(
        request,
        "gestion/accounts.html",
        title=_("Comptes"),
        form=form,
        asked=asked,
        tabs=tabs,
        presets=list(presets(asked)) if asked else [],
        is_fec=name == "accounts_fec",
        **context,
    )


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Give a file to keep."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
