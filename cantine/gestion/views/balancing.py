"""How rentals end: their balance, or cancelled by the scale; each a page of intent that calls its service."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from billing.models import Document, Quote
from billing.money import ZERO
from bookings.errors_ending import BalanceChanged, NothingToInvoice
from bookings.models import RentalQuote
from bookings.moved_words import moved_said
from bookings.quote_words import cost_facts, house_facts, stay_said, where_and_when
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import (
    cancel_rental,
    cost_now,
    cost_to_house,
    may_be_cancelled,
)
from bookings.services.rentals.prefilling import hour_of
from bookings.stay import period_of, stay_of
from bookings.stay_lines import beyond_said
from bookings.views.rent_ending import kept_shown
from bookings.views.requests import SignedInRequest
from cantine.gestion import balances, shown
from members import reach
from members.access import role
from members.errors import Refused
from members.models import User


class HouseForm(forms.Form):
    """Why the house cancels."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("La personne le lit dans l’e-mail et sur sa page."),
    )


NO_HOUR = gettext_lazy(
    "Aucun prix à l’heure ne se lit dans les tarifs de ce jour-là\u00a0: écrivez le prix de l’heure."
)
CONFIRM = "gestion/balance_confirm.html"
UNREAD = Decimal("NaN")
"""What is left to pay where none was read: no sum equals it."""
ISSUING = ("confirm", "make")
ALREADY = gettext_lazy("Ce solde était déjà établi\u00a0: ce que vous avez saisi n’est pas facturé.")


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the quote's lines, what came on top and what they come to; read again, issue the final invoice."""
    rental = won(request.user, pk)
    if hasattr(rental, "balance"):
        if request.method == "POST":
            messages.warning(request, ALREADY)
        return redirect("admin:billing_order_change", rental.balance.order_id)
    if request.method != "POST":
        return page(request, balances.read(rental, shown.language()))
    do, sent = request.POST.get("do", ""), request.POST.copy()
    data = balances.with_extra(rental, sent, do) if do in balances.EXTRAS else sent
    draft = balances.read(rental, shown.language(), data)
    if do in balances.EXTRAS:
        shown.added(request, draft.lines, added=data is not sent)
        if do == "hours" and data is not sent and hour_of(rental) is None:
            messages.info(request, NO_HOUR)
    if do in ISSUING and not draft.offered:
        if draft.offered is not None:
            shown.refuse(request, NothingToInvoice())
        return page(request, draft, status=422)
    if do == "confirm":
        return page(request, draft, template=CONFIRM)
    return make(request, draft) if do == "make" else page(request, draft)


def make(request: SignedInRequest, draft: balances.Balance) -> HttpResponse:
    """Make the balance as it was read; a refusal shows what was typed, or what is to be read anew."""
    assert draft.offered is not None
    now = timezone.now()
    try:
        made = make_balance(
            rental=draft.rental,
            lines=draft.offered,
            by=request.user,
            now=now,
            before_end=request.POST.get("early") == "oui",
            purchase_order=draft.purchase_order,
            excess_shown=draft.excess if request.POST.get("excess") == f"{draft.excess:.2f}" else ZERO,
            left_shown=left_read(request),
        )
    except BalanceChanged as refused:
        shown.refuse(request, refused)
        anew = balances.read(won(request.user, draft.rental.request_id), shown.language(), request.POST)
        return page(request, anew, status=refused.status, template=CONFIRM)
    except Refused as refused:
        shown.refuse(request, refused)
        return page(request, draft, status=409)
    if made.made_at != now:  # somebody else was quicker
        messages.warning(request, ALREADY)
        return redirect("admin:billing_order_change", made.order_id)
    document = Document.objects.filter(order=made.order_id).first()
    if document is None:
        messages.success(request, _("La location de %(who)s est terminée.") % {"who": draft.rental.request})
        return redirect("admin:billing_order_change", made.order_id)
    words = {"number": document.number, "who": draft.rental.request}
    messages.success(request, _("La facture %(number)s part par e-mail à %(who)s.") % words)
    return redirect("admin:billing_document_change", document.pk)


def left_read(request: SignedInRequest) -> Decimal:
    """What was left to pay on the page that was read."""
    try:
        found = Decimal(request.POST.get("left", ""))
    except InvalidOperation:
        return UNREAD
    return found if found.is_finite() else UNREAD


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the scale keeps, and what goes back when the house cancels; then do one of them."""
    rental, now, status = won(request.user, pk), timezone.now(), 200
    by_house = request.POST.get("do") == "house"
    form = HouseForm(request.POST if by_house else None)
    if by_house and not form.is_valid():
        status = 422
    elif request.method == "POST":
        how: dict[str, Any] = (
            {"house_reason": form.cleaned_data["reason"]} if by_house else {"kept_shown": kept_shown(request)}
        )
        try:
            cancel_rental(rental=rental, by=request.user, now=now, **how)
        except Refused as refused:
            shown.refuse(request, refused)
            rental, status = won(request.user, pk), refused.status
        else:
            messages.success(request, _("La location de %(who)s est annulée.") % {"who": rental.request})
            return redirect("admin:bookings_rentalrequest_change", pk)
    elif not may_be_cancelled(rental, now=now):
        return redirect("admin:bookings_rentalrequest_change", pk)
    cost, house = cost_now(rental, now=now), cost_to_house(rental)
    return shown.page(
        request,
        "gestion/rental_cancel.html",
        status=status,
        title=_("Annuler la location de %(who)s\u202f?") % {"who": rental.request},
        rental=rental,
        said=where_and_when(rental),
        cost=cost,
        costs=cost_facts(rental, cost, shown.language()),
        house=house,
        house_costs=house_facts(house, shown.language()),
        form=form,
    )


def page(
    request: SignedInRequest,
    draft: balances.Balance,
    *,
    status: int = 200,
    template: str = "gestion/balance.html",
) -> HttpResponse:
    """The page of a balance, or the one that asks to read it once more."""
    rental = draft.rental
    stay = stay_of(rental)
    return shown.page(
        request,
        template,
        status=status,
        title=_("Solde de la location de %(who)s") % {"who": rental.request},
        rental=rental,
        said=stay_said(rental, stay) if stay else where_and_when(rental),
        moved=moved_said(rental, stay) if stay else "",
        beyond_quote=beyond_said(rental),
        lines=draft.lines,
        sums=draft.sums,
        total=draft.total,
        beyond=draft.beyond,
        ordered=draft.ordered,
        excess=draft.excess,
        left=draft.left,
        excess_read=request.POST.get("excess") == f"{draft.excess:.2f}",
        early_said=request.POST.get("early") == "oui",
        read=balances.read_again(draft.offered or (), shown.language()),
        early=timezone.now() < period_of(rental).end,
    )


def won(user: User, pk: int) -> RentalQuote:
    """The quote by which a request was won, or a 404."""
    rows = (
        reach.managed_by(RentalQuote.objects.told(), user)
        .select_related("balance")
        .prefetch_related("quote__lines__product")
    )
    return get_object_or_404(rows, request=pk, quote__state=Quote.State.ACCEPTED)
