"""« Caisse »: what was taken today, closings, each as a ticket to print, archives, the technical log."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.models import TillArchive, TillClosing
from billing.till import journal
from billing.till.archiving import make_archive, name_of
from billing.till.remitting import CHEQUE, TERMINAL, unremitted_sum
from billing.till.totals import totals_of
from bookings.reach import whole_sellers
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown, till
from members import reach
from members.access import role
from members.models import User

PER_PAGE = 50
KINDS = dict(TillClosing.Kind.choices)


@role("manager", "treasurer")
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Today so far, the drawers, the last closings."""
    now, user = timezone.now(), request.user
    sellers, seller = till.seller_asked(request, user)
    context: dict[str, Any] = {
        "sellers": sellers,
        "seller": seller,
        "drawers": till.drawers_of(user),
        "may_see_log": reach.sees_everything(user),
    }
    if seller is not None:
        today = till.today_of(seller, now)
        context |= {
            "today": seller.today(now),
            "rows": till.by_method(today),
            "sums": today,
            "days_late": till.days_waiting(seller, now),
            "cheques": unremitted_sum(seller, CHEQUE),
            "cards": unremitted_sum(seller, TERMINAL),
            "last": [
                (label, kind, till.listed(till.closings_of(seller, kind)[:number]))
                for kind, label, number in (
                    ("day", _("Derniers jours"), 7),
                    ("month", _("Derniers mois"), 6),
                    ("year", _("Années"), 5),
                )
            ],
        }
    return shown.page(request, "gestion/till.html", title=_("Caisse"), **context)


@role("manager", "treasurer")
@require_safe
def closings(request: SignedInRequest) -> HttpResponse:
    """List the closings of a kind."""
    sellers, seller = till.seller_asked(request, request.user)
    if seller is None:
        raise PermissionDenied
    kind = request.GET.get("nature", "")
    kind = kind if kind in KINDS else TillClosing.Kind.DAY.value
    page = Paginator(till.closings_of(seller, kind), PER_PAGE).get_page(request.GET.get("page"))
    return shown.page(
        request,
        "gestion/till_closings.html",
        title=_("Clôtures de caisse"),
        sellers=sellers,
        seller=seller,
        kind=kind,
        kinds=KINDS.items(),
        page=page,
        rows=till.listed(page),
        query=f"nature={kind}&vendeur={seller.code}&",
    )


@role("manager", "treasurer")
@require_safe
def closing(request: SignedInRequest, pk: int) -> HttpResponse:
    """One closing, as a ticket to print."""
    found = closing_seen(request.user, pk)
    return shown.page(
        request,
        "gestion/till_closing.html",
        title=till.title_of(found),
        closing=found,
        archive=TillArchive.objects.filter(closing=found).first(),
        may_archive=reach.manages(request.user, found) or request.user.has_role("treasurer"),
        methods=till.by_method(totals_of(found)),
        rates=till.by_rate(totals_of(found)),
    )


@role("manager", "treasurer")
@require_safe
def archives(request: SignedInRequest) -> HttpResponse:
    """List what was archived."""
    rows = reach.seen_by(TillArchive.objects.select_related("closing__seller", "made_by"), request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = [(row, till.title_of(row.closing), till.key_said(row)) for row in page]
    title = _("Archives de caisse")
    return shown.page(request, "gestion/till_archives.html", title=title, page=page, rows=listed, query="")


@role("manager", "treasurer")
@require_POST
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the archive of a closed period."""
    found = closing_seen(request.user, pk)
    make_archive(closing=found, by=request.user, now=timezone.now())
    messages.success(request, _("L’archive est faite, avec son manifeste signé."))
    return redirect("admin:till_closing", pk)


@role("manager", "treasurer")
@never_cache
@require_safe
def archive_file(request: SignedInRequest, pk: int) -> FileResponse:
    """Hand out an archive."""
    rows = reach.seen_by(TillArchive.objects.select_related("closing__seller"), request.user)
    found = get_object_or_404(rows, pk=pk)
    try:
        opened = found.file.open("rb").file
    except OSError as gone:
        raise Http404 from gone
    return FileResponse(
        opened, as_attachment=True, filename=name_of(found.closing), content_type="application/zip"
    )


@role("manager", "treasurer")
@require_safe
def technical_log(request: SignedInRequest) -> HttpResponse:
    """The technical log, newest first, of one nature or all."""
    if not reach.sees_everything(request.user):
        raise PermissionDenied
    nature = request.GET.get("nature", "")
    nature = nature if nature in journal.NATURES else ""
    entries = journal.entries(
        sellers=whole_sellers(request.user), natures=frozenset({nature} if nature else ())
    )
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    people = User.objects.in_bulk({row["who"] for row in page if row["who"]})
    return shown.page(
        request,
        "gestion/till_log.html",
        title=_("Journal technique"),
        page=page,
        rows=[
            {**row, "label": journal.NATURES[row["nature"]], "person": people.get(row["who"])} for row in page
        ],
        nature=nature,
        natures=journal.NATURES.items(),
        query=f"nature={nature}&" if nature else "",
    )


def closing_seen(user: User, pk: int) -> TillClosing:
    """A closing within reach, or a 404."""
    rows = reach.seen_by(TillClosing.objects.select_related("seller"), user)
    return get_object_or_404(rows, pk=pk)
