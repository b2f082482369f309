"""« Versements »: what Stripe paid to the bank, movement by movement, and whether the bank has it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.accounting.chart import chart_of
from billing.models import AccountRole, BalanceMovement, Payout
from billing.money import ZERO
from billing.payouts import matching
from billing.payouts.errors import DiffersFromStripe
from billing.payouts.months import by_month
from billing.payouts.transit import in_transit, late
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.everywhere import sees_everything
from cantine.gestion.payout_form import MatchForm
from cantine.gestion.payout_table import movements_written, payouts_written
from members.access import role
from members.errors import Refused
from members.formats import euros

PER_PAGE, MONTHS, LATE_SHOWN, MOVEMENTS = 26, 12, 20, 100
TO_MATCH = "a-rapprocher"


@role("manager", "treasurer")
@sees_everything
@require_safe
def payouts(request: SignedInRequest) -> HttpResponse:
    """List the payouts, the last to arrive first, with the fees by month and what is in transit."""
    now, rows = timezone.now(), listed()
    to_match = rows.to_match()
    state = TO_MATCH if request.GET.get("etat") == TO_MATCH else ""
    page = Paginator(to_match if state else rows, PER_PAGE).get_page(request.GET.get("page"))
    transit = in_transit(now)
    context: dict[str, Any] = {
        "page": page,
        "etat": state,
        "query": f"etat={state}&" if state else "",
        "to_match": to_match.count() if not state else page.paginator.count,
        "transit": transit,
        "late": late(now).select_related("order__customer")[:LATE_SHOWN] if transit.late_number else (),
        "months": by_month()[:MONTHS],
        "may_match": request.user.has_perm("billing.match_payout"),
    }
    return shown.page(request, "gestion/payouts.html", title=_("Versements de Stripe"), **context)


def listed() -> Any:
    """Payouts with what their rows name."""
    return Payout.objects.select_related("seller", "matched_by")


@role("manager", "treasurer")
@sees_everything
@require_safe
def payout(request: SignedInRequest, pk: int) -> HttpResponse:
    """One payout: its movements, and what the bank received."""
    row = get_object_or_404(listed(), pk=pk)
    form = MatchForm(initial={"montant": row.amount, "date": row.arrived_on})
    return said(request, row, form)


def said(
    request: SignedInRequest, row: Payout, form: MatchForm, differs: DiffersFromStripe | None = None
) -> HttpResponse:
    """The page of a payout, with the form as it was typed, and what is to be confirmed of it."""
    movements = Paginator(movements_of(row), MOVEMENTS).get_page(request.GET.get("page"))
    may_match = request.user.has_perm("billing.match_payout") and row.state == Payout.State.PAID
    status = 409 if differs else 422 if form.is_bound and form.errors else 200
    title = _("Versement de %(amount)s") % {"amount": euros(row.amount, shown.language())}
    return shown.page(
        request,
        "gestion/payout.html",
        status,
        title=title,
        payout=row,
        page=movements,
        form=form,
        differs=differs,
        bank_account=chart_of(row.seller).of(AccountRole.BANK).number if differs else "",
        may_match=may_match,
    )


def movements_of(row: Payout) -> "QuerySet[BalanceMovement]":
    """The movements of a payout with what they are about."""
    return row.movements.select_related("payment__order__customer", "refund")


@role("manager", "treasurer")
@sees_everything
@require_POST
def match(request: SignedInRequest, pk: int) -> HttpResponse:
    """The bank received it: note when, how much, and who says so."""
    row = get_object_or_404(listed(), pk=pk)
    if not request.user.has_perm("billing.match_payout"):
        raise PermissionDenied
    form = MatchForm(request.POST)
    if not form.is_valid():
        return said(request, row, form)
    data = form.cleaned_data
    try:
        row = matching.match(
            payout=row,
            received_on=data["date"],
            amount=data["montant"],
            reference=data["libelle"],
            by=request.user,
            now=timezone.now(),
            gap=data["ecart"] or ZERO,
        )
    except DiffersFromStripe as refused:
        return said(request, row, form, refused)
    except Refused as refused:
        shown.refuse(request, refused)
        return said(request, row, form)
    say_matched(request, row)
    return redirect("admin:payout", pk)


def say_matched(request: SignedInRequest, row: Payout) -> None:
    """Say that it is right, or by how much it is not."""
    if row.difference:
        gap = {"amount": euros(row.difference, shown.language())}
        messages.warning(
            request,
            _("C’est noté, avec un écart de %(amount)s\u00a0: une anomalie le rappelle.") % gap,
        )
    else:
        messages.success(request, _("Le versement est rapproché."))


@role("manager", "treasurer")
@sees_everything
@require_safe
def table(request: SignedInRequest) -> HttpResponse:
    """Every payout, for a spreadsheet."""
    return spreadsheet(payouts_written(listed()), "versements-stripe.csv")


@role("manager", "treasurer")
@sees_everything
@require_safe
def movements_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """The movements of one payout, for a spreadsheet."""
    row = get_object_or_404(Payout, pk=pk)
    return spreadsheet(movements_written(movements_of(row)), f"versement-{row.arrived_on}-{row.short_id}.csv")


def spreadsheet(text: str, name: str) -> HttpResponse:
    """A file to download."""
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
