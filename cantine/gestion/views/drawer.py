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

from billing.errors import BillingRefused, CashReasonMissing
from billing.models import CashCount, CashMovement
from billing.till import drawer
from bookings.models import Site
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.till_forms import CountForm, MoveForm
from members import reach
from members.access import role
from members.formats import euros

PER_PAGE, MOVES = 20, 10


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the drawer of a site and its history; POST notes a count."""
    site = get_object_or_404(reach.seen_by(Site.objects.select_related("seller"), request.user), code=code)
    if request.method != "POST":
        return page(request, site, CountForm(), MoveForm())
    if not reach.manages(request.user, site):
        raise PermissionDenied
    form = CountForm(request.POST)
    if not form.is_valid():
        return page(request, site, form, MoveForm(), status=422)
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
    form = MoveForm(request.POST)
    if not form.is_valid():
        return page(request, site, CountForm(), form, status=422)
    try:
        drawer.move_cash(
            seller=site.seller, site_code=site.code, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except BillingRefused as refused:
        form.add_error("reason" if isinstance(refused, CashReasonMissing) else "amount", str(refused))
        return page(request, site, CountForm(), form, status=refused.status)
    messages.success(request, _("Le mouvement d’espèces est noté."))
    return redirect("admin:cash_count", site.code)


def page(
    request: SignedInRequest, site: Site, form: CountForm, move_form: MoveForm, status: int = 200
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
        move_form=move_form,
        drawer=drawer.drawer_of(**mine),
        page=Paginator(counts, PER_PAGE).get_page(request.GET.get("page")),
        movements=CashMovement.objects.filter(**mine).select_related("by")[:MOVES],
        may_count=reach.manages(request.user, site),
    )
