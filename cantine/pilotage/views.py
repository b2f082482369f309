"""« Pilotage » in /gestion/: the page, its table, and the rows that compose a month."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.money import ZERO
from bookings.models import OpeningHours
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.pilotage import board, chart, indicators, tables
from cantine.pilotage.asked import Asked, PeriodForm, PriceForm, asked_of, month_said, said, sentence
from cantine.pilotage.board import Board
from cantine.pilotage.figures import coverage, income
from cantine.pilotage.figures.months import YEAR, shift
from cantine.pilotage.figures.prices import Changed
from cantine.pilotage.models import BudgetLine
from cantine.report.metropole.term import usual
from members import reach
from members.access import role
from members.models import User

PER_PAGE = 50


@role("manager", "treasurer")
@require_safe
def pilotage(request: SignedInRequest) -> HttpResponse:
    """Say whether the place earns its keep."""
    now = timezone.now()
    asked = asked_of(request, request.user, today=timezone.localdate(now))
    found = board.read(asked, now=now)
    context = {
        "asked": asked,
        "board": found,
        "chart": chart.draw(found),
        "groups": list(income.GROUPS.items()),
        "period": sentence([row.month for row in found.rows]),
        "form": PeriodForm(asked),
        "weekdays": dict(OpeningHours.Weekday.choices),
        "indicators": indicators.read(found, asked),
        "report": report_address(asked, request.user, found.today),
        **prices(request, asked, found),
    }
    return shown.page(request, "gestion/pilotage/page.html", title=_("Pilotage"), **context)


def report_address(asked: Asked, user: User, today: date) -> str:
    """Where the report of the last quarter of these sites is prepared; else the list of what was issued.

    A report is of one site, or of all of them, and prepared by who runs it.
    """
    mine, alone = reach.of(user), asked.sites[0] if len(asked.sites) == 1 else None
    if not user.has_role("manager") or not (mine.covers(alone.pk) if alone else mine.everywhere):
        return reverse("admin:reports")
    if alone is None and not asked.everything:
        return reverse("admin:reports")
    query = urlencode({"site": alone.code if alone else "", "periode": usual(today).code})
    return f"{reverse('admin:report_preview')}?{query}"


def prices(request: SignedInRequest, asked: Asked, found: Board) -> dict[str, Any]:
    """The form of another price, and its answer where one was asked."""
    earned = brought_in(asked, found)
    data = request.GET if "quoi" in request.GET else None
    form = PriceForm(data, [(key, name) for key, (name, _amount) in earned.items()])
    changed = None
    if form.is_bound and form.is_valid():
        name, amount = earned[form.cleaned_data["quoi"]]
        changed = Changed(name, form.cleaned_data["pour_cent"], amount)
    costs = found.year.costed.costs
    return {
        "price_form": form,
        "changed": changed,
        "changed_share": coverage.percent(found.year.costed.own + changed.difference, costs)
        if changed
        else None,
    }


def brought_in(asked: Asked, found: Board) -> dict[str, tuple[str, Decimal]]:
    """What each group and each article with a tariff brought in over the year, by its name in the form."""
    year = found.year
    groups = {
        name: (capfirst(str(label)), year.money.income[name])
        for name, label in income.GROUPS.items()
        if year.money.income[name]
    }
    articles = income.by_product(asked.sites, shift(year.last, 1 - YEAR), year.last)
    words = _("Tarif\u00a0: %(name)s, %(place)s")
    return groups | {
        f"article-{pk}": (words % {"name": name, "place": place}, amount)
        for pk, name, place, amount in articles
    }


@role("manager", "treasurer")
@require_safe
def pilotage_csv(request: SignedInRequest) -> HttpResponse:
    """The table, for a spreadsheet."""
    now = timezone.now()
    asked = asked_of(request, request.user, today=timezone.localdate(now))
    written = tables.table_of(board.read(asked, now=now))
    answer = HttpResponse(written, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="pilotage-{asked.last:%Y-%m}.csv"'
    return answer


@role("manager", "treasurer")
@require_safe
def pilotage_month(request: SignedInRequest, month: str) -> HttpResponse:
    """The documents and budget lines that compose the figures of a month."""
    first = month_said(month)
    if first is None:
        raise Http404
    asked = asked_of(request, request.user, today=timezone.localdate())
    listed = income.documents(asked.sites, first).select_related("customer")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "first": first,
        "month": coverage.by_month(asked.sites, first, first)[first],
        "page": page,
        "rows": rows_of(asked, first, list(page)),
        "lines": BudgetLine.objects.of(asked.sites).between(first, first).select_related("site", "seller"),
        "groups": [(name, label) for name, label in income.GROUPS.items()],
        "query": f"{asked.site_query[1:]}&" if asked.site_query else "",
    }
    title = _("Pilotage, %(month)s") % {"month": said(first).lower()}
    return shown.page(request, "gestion/pilotage/month.html", title=title, **context)


def rows_of(
    asked: Asked, first: date, documents: list[Any]
) -> list[tuple[Any, list[tuple[Any, Decimal]], Decimal]]:
    """Each document with what it counts for, by group, and in all."""
    amounts = income.of_documents(asked.sites, first, documents)
    found = []
    for document in documents:
        mine = [(income.GROUPS[name], amount) for name, amount in amounts[document.pk].items() if amount]
        found.append((document, mine, sum((amount for _name, amount in mine), ZERO)))
    return found
