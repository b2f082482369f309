"""« Signaler un problème »: from the plan, a booking or the code on a desk; and what became of it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.album import PROBLEMS
from bookings.errors_day import TooManyReports
from bookings.models import Problem, Site
from bookings.problem_form import ProblemForm
from bookings.services import premises
from bookings.services.problems import report_problem
from bookings.views.requests import SignedInRequest
from members.access import signed_in
from members.errors import Refused
from members.texts import typed

PER_PAGE = 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, site: str, code: str = "") -> HttpResponse:
    """Ask what is wrong, at the space that the address names; refused, what was typed comes back."""
    place = get_object_or_404(Site.objects.open(), code=site)
    refusal: Refused | None = None
    if request.method == "POST":
        form = ProblemForm(typed(request.POST), request.FILES, site=place)
        if form.is_valid():
            try:
                return reported(request, place, form)
            except Refused as refused:
                refusal = refused
    else:
        form = ProblemForm(site=place, initial={"space": code})
    context = {"section": "home", "site": place, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "bookings/problem.html", context, status=status)


def reported(request: SignedInRequest, site: Site, form: ProblemForm) -> HttpResponse:
    """Take it down and say so."""
    if not ratelimit.consume(request, action="report_problem", key=str(request.user.pk)):
        raise TooManyReports
    data = form.cleaned_data
    report_problem(
        site=site,
        space=data["space"],
        kind=data["kind"],
        words=data["words"],
        picture=form.kept,
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Merci. L’équipe est prévenue, et vous écrira quand ce sera résolu."))
    return redirect("bookings:problems")


@signed_in
@require_safe
def problems(request: SignedInRequest) -> HttpResponse:
    """List what this person reported, and how far it has come."""
    own = Problem.objects.filter(reported_by=request.user).select_related("site", "space")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": "members:me", "page": page, "sites": premises.current().open_sites}
    return render(request, "bookings/problems.html", context)


@signed_in
@require_safe
def picture(request: SignedInRequest, name: str) -> HttpResponseBase:
    """Give a picture to who reported it and to who sees to it."""
    shown = Problem.objects.visible_to(request.user)
    if not (shown.filter(picture_large=name).exists() or shown.filter(picture_small=name).exists()):
        raise Http404
    try:
        response = FileResponse(PROBLEMS.open(name), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    return response
