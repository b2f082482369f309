"""What people report and write: taken in hand, solved, answered; the codes that lead there, to print."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.models import ContactMessage, Problem, Site, Space
from bookings.services.contacting import deal_with
from bookings.services.problems import solve_problem, take_problem
from bookings.views.qr import code_of
from bookings.views.requests import SignedInRequest
from cantine.gestion import day, shown
from members import reach
from members.access import role
from members.errors import Refused


class SolveForm(forms.Form):
    """A word to who reported it."""

    answer = forms.CharField(
        label=gettext_lazy("Un mot à la personne"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Il lui est envoyé avec la nouvelle."),
    )


@role("manager")
@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a problem in hand."""
    problem = get_object_or_404(reach.managed_by(Problem.objects.all(), request.user), pk=pk)
    try:
        take_problem(problem=problem, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("C’est noté\u00a0: vous vous en chargez."))
    return redirect("admin:bookings_problem_change", pk)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that it is solved, with a word to who reported it."""
    rows = reach.managed_by(Problem.objects.select_related("site", "space"), request.user)
    problem = get_object_or_404(rows, pk=pk)
    form = SolveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            solve_problem(
                problem=problem, answer=form.cleaned_data["answer"], by=request.user, now=timezone.now()
            )
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, _("C’est résolu, et la personne est prévenue."))
        return redirect("admin:bookings_problem_change", pk)
    title = _("Résolu\u00a0: %(what)s") % {"what": problem}
    return shown.page(request, "gestion/problem_solve.html", title=title, form=form, problem=problem)


@role("manager")
@require_POST
def deal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that a message was answered."""
    message = get_object_or_404(reach.managed_by(ContactMessage.objects.all(), request.user), pk=pk)
    deal_with(message=message, by=request.user, now=timezone.now())
    messages.success(request, _("Le message est noté comme traité."))
    return redirect("admin:bookings_contactmessage_changelist")


@role("manager")
@require_safe
def labels(request: SignedInRequest) -> HttpResponse:
    """The codes to stick on desks and doors, a sheet to print: each leads to the form about that space."""
    sites = list(reach.managed_by(Site.objects.order_by("position", "name"), request.user))
    site = day.choose_site(sites, request.GET.get("site", ""))
    if site is None:
        return shown.page(request, "gestion/no_site.html", title=_("Étiquettes"))
    spaces = Space.objects.active().filter(site=site)
    found = [(space, code_of(address_of(space, site))) for space in spaces]
    return shown.page(
        request, "gestion/labels.html", title=_("Étiquettes"), site=site, sites=sites, labels=found
    )


def address_of(space: Space, site: Site) -> str:
    """Where the code of a space leads."""
    return f"{settings.PUBLIC_URL}{reverse('bookings:report_space', args=[site.code, space.code])}"
