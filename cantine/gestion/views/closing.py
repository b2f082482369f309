"""Closing a day or a space: who is hit and what they are proposed, then doing it and telling them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.models import Closure
from bookings.period import Period
from bookings.services import closing
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.arrivals import names_of
from cantine.gestion.forms import CloseForm
from members import reach
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest) -> HttpResponse:
    """GET shows the form, and once filled who is hit; POST closes."""
    asked = request.POST if request.method == "POST" else request.GET
    form = (
        CloseForm(asked, user=request.user)
        if "du" in asked
        else CloseForm(initial={"du": timezone.localdate(), "au": timezone.localdate()}, user=request.user)
    )
    if not (form.is_bound and form.is_valid()):
        return shown.page(request, "gestion/close.html", title=_("Fermer un jour ou un espace"), form=form)
    data, now = form.cleaned_data, timezone.now()
    what: dict[str, Any] = {
        "site": data["site"],
        "period": data["period"],
        "space": data["espace"],
        "now": now,
    }
    if request.method == "POST":
        return close_now(request, form, what)
    preview = closing.preview(**what)
    hits = [(names_of(hit.booking), hit, hit.booking.period.local(data["site"].zone)) for hit in preview.hits]
    context: dict[str, Any] = {
        "form": form,
        "hits": hits,
        "period": data["period"].local(data["site"].zone),
        "data": data,
    }
    return shown.page(request, "gestion/close.html", title=_("Fermer un jour ou un espace"), **context)


def close_now(request: SignedInRequest, form: CloseForm, what: dict[str, Any]) -> HttpResponse:
    """Close, and say how many were told; a refusal shows the form again with what was typed."""
    hit = len(closing.preview(**what).hits)
    move, reason = request.POST.get("deplacer") == "oui", form.cleaned_data["raison"]
    try:
        closing.close(**what, reason=reason, by=request.user, move=move)
    except Refused as refused:
        shown.refuse(request, refused)
        return shown.page(
            request, "gestion/close.html", status=409, title=_("Fermer un jour ou un espace"), form=form
        )
    text = ngettext(
        "C’est fermé. %(number)s réservation était touchée, sa personne est prévenue.",
        "C’est fermé. %(number)s réservations étaient touchées, leurs personnes sont prévenues.",
        hit,
    )
    messages.success(request, text % {"number": hit} if hit else _("C’est fermé. Personne n’avait réservé."))
    return redirect("admin:bookings_closure_changelist")


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a closure back."""
    closure = get_object_or_404(
        reach.managed_by(Closure.objects.select_related("site", "space"), request.user), pk=pk
    )
    if request.method == "POST":
        try:
            closing.reopen(closure=closure, by=request.user, now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
            return redirect("admin:reopen", pk=pk)
        messages.success(
            request, _("La fermeture «\u202f%(reason)s\u202f» est levée.") % {"reason": closure.reason}
        )
        return redirect("admin:bookings_closure_changelist")
    title = _("Lever la fermeture «\u202f%(reason)s\u202f»\u202f?") % {"reason": closure.reason}
    period = Period.of(closure.during).local(closure.site.zone)
    return shown.page(request, "gestion/reopen.html", title=title, closure=closure, period=period)
