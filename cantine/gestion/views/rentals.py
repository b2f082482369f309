"""« Locations »: requests by stage, what they are worth, what is next; and noting what is next."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bookings.models import RentalRequest, Site
from bookings.rental_next_form import NextStepForm
from bookings.services.rentals import pipeline as stages
from bookings.services.rentals.following import plan_next
from bookings.services.rentals.pipeline import OPEN, Stage, Total
from bookings.views.requests import SignedInRequest
from cantine.gestion import pipeline, shown
from cantine.gestion.rental_filter import Asked, RentalFilter, asked_of
from members import reach
from members.access import role
from members.errors import Refused
from members.services.reading import note_list

PER_PAGE = 25
PERIODS: dict[int, str | Promise] = {
    30: gettext_lazy("30\u00a0jours"),
    90: gettext_lazy("3\u00a0mois"),
    365: gettext_lazy("Un an"),
    0: gettext_lazy("Depuis le début"),
}
KEPT = ("site", "etape", "depuis")
"""What the form hands on as it is."""


@dataclass(frozen=True)
class Tab:
    """A stage to look at, with what stands at it."""

    label: str | Promise
    href: str
    current: bool
    number: int
    excl: Decimal
    incl: Decimal
    unpriced: int = 0
    age: str = ""


@dataclass(frozen=True)
class Choice:
    """One link of a filter."""

    label: str | Promise
    href: str
    current: bool


@role("manager", "treasurer")
@require_safe
def rentals(request: SignedInRequest) -> HttpResponse:
    """List requests, what is planned first; each total is that of the rows it counts."""
    now = timezone.now()
    sites = list(reach.seen_by(Site.objects.order_by("position", "name"), request.user))
    asked = asked_of(request, sites={site.code for site in sites}, periods=set(PERIODS))
    here = reach.seen_by(stages.staged(now), request.user)
    if asked.site:
        here = here.filter(site__code=asked.site)
    rows = asked.narrow(here)
    listed = ordered(of_stage(rows, asked.stage), asked.stage, today=timezone.localdate(now))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    note_list(reader=request.user, page=request.path, asked=request.GET, people=page.paginator.count, now=now)
    context: dict[str, Any] = {
        "page": page,
        "rows": pipeline.rows_of(list(page), now=now),
        "tabs": tabs(stages.totals(rows), asked, now=now),
        "sites": choices_of_sites(sites, asked),
        "filter": RentalFilter(asked, months=stages.months(here), user=request.user),
        "asked": asked,
        "kept": {name: value for name, value in asked.values().items() if name in KEPT},
        "unfiltered": asked.link(words="", space=None, month=""),
        "lost": lost_of(here, asked.days, now=now),
        "periods": [Choice(said, asked.link(days=n), n == asked.days) for n, said in PERIODS.items()],
        "query": asked.link()[1:] + "&",
    }
    return shown.page(request, "gestion/rentals.html", title=_("Locations"), **context)


def of_stage(rows: QuerySet[Any], stage: str) -> QuerySet[Any]:
    """The rows of one tab; the first one holds what is still open."""
    return rows.filter(Q(stage=stage) if stage else Q(stage__in=OPEN))


URGENCY = (Stage.TO_INVOICE, Stage.RECEIVED, Stage.QUOTED, Stage.WON)
"""What is for us to do comes before what others owe us an answer to, and that before what is sure."""


def ordered(rows: QuerySet[Any], stage: str, *, today: date) -> QuerySet[Any]:
    """What was planned by today, then by stage, the longest waiting first; what is closed, the last first."""
    told = rows.select_related("site", "space")
    if stage and stage not in OPEN:
        return told.order_by("-since", "-pk")
    planned = Case(When(next_action_on__lte=today, then=F("next_action_on")))
    rank = Case(*(When(stage=each, then=place) for place, each in enumerate(URGENCY)), default=len(URGENCY))
    return told.order_by(planned.asc(nulls_last=True), rank, "since", "pk")


def tabs(sums: list[Total], asked: Asked, *, now: datetime) -> list[Tab]:
    """What is open, then each stage."""
    going = [each for each in sums if each.stage in OPEN]
    whole = Tab(
        _("En cours"),
        asked.link(stage=""),
        not asked.stage,
        sum(each.number for each in going),
        sum((each.excl for each in going), stages.ZERO),
        sum((each.incl for each in going), stages.ZERO),
        sum(each.unpriced for each in going),
    )
    return [whole, *(tab(each, asked, now=now) for each in sums)]


def tab(total: Total, asked: Asked, *, now: datetime) -> Tab:
    """One stage; how long its oldest has stood is said while something is to be done."""
    return Tab(
        pipeline.STAGE_WORDS[total.stage],
        asked.link(stage=total.stage),
        asked.stage == total.stage,
        total.number,
        total.excl,
        total.incl,
        total.unpriced,
        pipeline.oldest_said(total.oldest, now) if total.stage in OPEN else "",
    )


def choices_of_sites(sites: list[Site], asked: Asked) -> list[Choice]:
    """Every site, then each; nothing where there is only one."""
    if len(sites) < 2:
        return []
    every = Choice(_("Tous les sites"), asked.link(site=""), not asked.site)
    return [
        every,
        *(Choice(each.name, asked.link(site=each.code), asked.site == each.code) for each in sites),
    ]


def lost_of(rows: QuerySet[Any], days: int, *, now: datetime) -> list[tuple[str, int, Decimal]]:
    """Why requests were lost lately: reason, number, worth."""
    words = dict(RentalRequest.Lost.choices)
    return [
        (str(words[each.reason]), each.number, each.excl)
        for each in stages.lost_reasons(rows, days=days, now=now)
    ]


@role("manager")
@require_POST
def next_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note what is next; what was typed wrong comes back on a page of its own."""
    if not request.user.has_perm("bookings.answer_rentalrequest"):
        raise PermissionDenied
    asked = get_object_or_404(reach.managed_by(RentalRequest.objects.all(), request.user), pk=pk)
    form = NextStepForm(request.POST)
    if not form.is_valid():
        title = _("Prochaine étape pour %(who)s") % {"who": asked}
        return shown.page(request, "gestion/next_step.html", 422, title=title, form=form, asked=asked)
    action = form.cleaned_data["action"]
    try:
        plan_next(request=asked, action=action, on=form.cleaned_data["on"])
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        noted, none = _("La prochaine étape est notée."), _("La demande n’a plus de prochaine étape.")
        messages.success(request, noted if action else none)
    return redirect("admin:bookings_rentalrequest_change", pk)
