"""A disputed payment: what Stripe took and gave back, and the loss that the treasurer decides."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.accounting.disputed import Dispute, dispute_of
from billing.accounting.loss_vat import is_credited, vat_within
from billing.accounting.writing_off import withdraw_write_off, write_off
from billing.models import BalanceMovement, WriteOff
from billing.money import ZERO
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.dispute_form import WriteOffForm
from cantine.gestion.everywhere import sees_everything
from members.access import role
from members.errors import Refused
from members.formats import euros

RIGHT = "billing.decide_writeoff"


def found(pk: int) -> BalanceMovement:
    """The movement by which a dispute took a payment, or a 404."""
    rows = BalanceMovement.objects.filter(kind=BalanceMovement.Kind.DISPUTE)
    return get_object_or_404(rows.select_related("payout__seller", "payment__order__customer"), pk=pk)


@role("manager", "treasurer")
@sees_everything
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a dispute; POST writes what is left of it off."""
    movement, now = found(pk), timezone.now()
    standing = dispute_of(movement, now)
    vat = vat_within(standing) if standing else []
    may_decide = request.user.has_perm(RIGHT)
    form = WriteOffForm(
        request.POST if request.method == "POST" else None,
        initial={"date": movement.payout.seller.today(now)},
        has_vat=bool(vat),
    )
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        if form.is_valid() and decided(request, movement, form):
            return redirect("admin:dispute", pk)
    losses = WriteOff.objects.filter(movement=standing.movement if standing else movement)
    return shown.page(
        request,
        "gestion/dispute.html",
        422 if form.is_bound else 200,
        title=_("Paiement contesté"),
        movement=movement,
        dispute=standing,
        losses=losses.select_related("by", "withdrawn_by").prefetch_related("vat_rows"),
        vat=sum((row.vat for row in vat), ZERO),
        no_vat="" if vat or standing is None else why_no_vat(standing),
        form=form,
        may_decide=may_decide,
    )


def why_no_vat(standing: Dispute) -> str:
    """Why the VAT of a dispute can't be asked back."""
    if standing.payment is None:
        return _("Le paiement n’est pas connu ici\u00a0: aucune TVA ne peut être récupérée.")
    if is_credited(standing):
        return _("Un avoir a déjà rendu la TVA de ce paiement\u00a0: il n’en reste pas à récupérer.")
    return _("Ce paiement n’a réglé aucune facture avec TVA\u00a0: il n’y en a pas à récupérer.")


def decided(request: SignedInRequest, movement: BalanceMovement, form: WriteOffForm) -> WriteOff | None:
    """Write off what was typed; None when it is to be corrected."""
    data = form.cleaned_data
    try:
        lost = write_off(
            movement=movement,
            decided_on=data["date"],
            reason=data["motif"],
            recover_vat=data.get("tva", False),
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, f"{refused.message} {refused.instead or ''}".strip())
        return None
    words = {"sum": euros(lost.amount, shown.language())}
    messages.success(request, _("La perte est notée\u00a0: %(sum)s.") % words)
    return lost


@role("treasurer")
@sees_everything
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a loss that was decided by mistake, or that was paid after all."""
    try:
        withdraw_write_off(movement=found(pk), by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("La perte est retirée\u00a0: la somme est due à nouveau."))
    return redirect("admin:dispute", pk)
