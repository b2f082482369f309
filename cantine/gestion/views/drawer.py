"""« Comptage de caisse »: what is in a site's drawer, beside what should be; cash brought or taken away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.errors import BillingRefused, CashReasonMissing, CorrectionDoesNotFit
from billing.models import CashCount, CashMovement
from billing.till import drawer
from bookings.models import Site
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.till_forms import CountForm, MoveForm
from members import reach
from members.access import role
from members.formats import euros

PER_PAGE, MOVES, CORRECTABLE = 20, 10, 20
AT_FAULT = {CashReasonMissing: "reason", CorrectionDoesNotFit: "corrects"}
"""Which field a refused movement is told at; the others at its amount."""


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the drawer of a site and its history; POST notes a count."""
    site = get_object_or_404(reach.seen_by(Site.objects.select_related("seller"), request.user), code=code)
    if request.method != "POST":
        return page(request, site, CountForm(), move_form(site))
    if not reach.manages(request.user, site):
        raise PermissionDenied
    form = CountForm(request.POST)
    if not form.is_valid():
        return page(request, site, form, move_form(site), status=422)
    made = drawer.count_cash(
        seller=site.seller,
        site_code=site.code,
        counted=form.cleaned_data["counted"],
        denominations=form.denominations(),
        note=form.cleaned_data["note"],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, said(made))
    return redirect("admin:cash_count", site.code)


def said(made: CashCount) -> str:
    """What a count found, in a sentence."""
    language = shown.language()
    words = {"sum": euros(made.counted, language), "difference": euros(abs(made.difference), language)}
    if made.expected is None:
        return _("%(sum)s comptés\u00a0: la caisse part de là.") % words
    if made.difference == 0:
        return _("%(sum)s comptés\u00a0: la caisse est juste.") % words
    if made.difference > 0:
        return _("%(sum)s comptés\u00a0: %(difference)s de trop.") % words
    return _("%(sum)s comptés\u00a0: il manque %(difference)s.") % words


@role("manager")
@require_POST
def move(request: SignedInRequest, code: str) -> HttpResponse:
    """Note cash that was brought, taken to the bank, or put right."""
    rows = reach.managed_by(Site.objects.select_related("seller"), request.user)
    site = get_object_or_404(rows, code=code)
    form = move_form(site, request.POST)
    if not form.is_valid():
        return page(request, site, CountForm(), form, status=422)
    try:
        drawer.move_cash(
            seller=site.seller, site_code=site.code, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except BillingRefused as refused:
        form.add_error(AT_FAULT.get(type(refused), "amount"), str(refused))
        return page(request, site, CountForm(), form, status=refused.status)
    messages.success(request, _("Le mouvement d’espèces est noté."))
    return redirect("admin:cash_count", site.code)


def move_form(site: Site, typed: Any = None) -> MoveForm:
    """The form of a movement, which may correct one of the last ones."""
    rows = drawer.correctable(seller=site.seller, site_code=site.code)
    return MoveForm(typed, movements=rows.filter(pk__in=rows.values("pk")[:CORRECTABLE]))


def page(
    request: SignedInRequest, site: Site, form: CountForm, moving: MoveForm, status: int = 200
) -> HttpResponse:
    """The page of a drawer."""
    mine: dict[str, Any] = {"seller": site.seller, "site_code": site.code}
    counts = CashCount.objects.filter(**mine).select_related("by")
    return shown.page(
        request,
        "gestion/cash_count.html",
        status=status,
        title=_("Caisse de %(site)s") % {"site": site.name},
        site=site,
        form=form,
        move_form=moving,
        drawer=drawer.drawer_of(**mine),
        page=Paginator(counts, PER_PAGE).get_page(request.GET.get("page")),
        movements=CashMovement.objects.filter(**mine).select_related("by")[:MOVES],
        may_count=reach.manages(request.user, site),
    )
