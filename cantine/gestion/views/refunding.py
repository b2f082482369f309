"""Money on its way back: handed over at the desk, or asked of the bank once more."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.models import Refund
from billing.payments import approving, refunds
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.forms import ReasonForm
from members import reach
from members.access import role
from members.errors import Refused
from members.formats import euros
from members.models import User


class Step(Protocol):
    """What is done with a refund."""

    def __call__(self, *, refund: Refund, by: User, now: datetime) -> Refund: ...


@role("manager")
@require_POST
def repay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that money taken at the desk was given back there."""
    words = _("%(who)s\u00a0: %(amount)s rendus.")
    return done(request, pk, refunds.repay_at_desk, words, within=reach.managed_by)


@role("manager")
@require_POST
def try_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the bank once more for a refund that failed."""
    words = _("%(who)s\u00a0: le remboursement de %(amount)s est redemandé.")
    return done(request, pk, refunds.try_again, words, within=reach.managed_by)


@role("treasurer")
@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a refund above the limit go out."""
    words = _("%(who)s\u00a0: le remboursement de %(amount)s est approuvé.")
    return done(request, pk, approving.approve_refund, words)


@role("treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why, then keep the money."""
    rows = reach.seen_by(Refund.objects.to_approve(), request.user)
    refund = get_object_or_404(rows.select_related("payment__order__customer"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = _("%(who)s\u00a0: le remboursement de %(amount)s est refusé.")
        refuse = partial(approving.refuse_refund, reason=form.cleaned_data["reason"])
        return done(request, pk, refuse, words)
    title = _("Refuser ce remboursement\u202f?")
    said = f"{refund.payment.order.customer}, {euros(refund.amount, shown.language())}"
    return shown.page(request, "gestion/refund_refuse.html", title=title, form=form, refund=refund, said=said)


def done(
    request: SignedInRequest, pk: int, step: Step, words: str, *, within: Callable[..., Any] = reach.seen_by
) -> HttpResponse:
    """Call the service and say what came of it, on the page one comes from.

    The treasurer decides on what she sees; who hands money over does at the sites she manages.
    """
    rows = within(Refund.objects.select_related("payment__order__customer"), request.user)
    refund = get_object_or_404(rows, pk=pk)
    try:
        step(refund=refund, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        amount = euros(refund.amount, shown.language())
        messages.success(request, words % {"who": refund.payment.order.customer, "amount": amount})
    return redirect(shown.back(request, reverse("admin:index")))
