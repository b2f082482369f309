"""« Remises en banque »: cheques and terminal takings that wait, and what the bank received of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.models import Remittance, Seller
from billing.till.remitting import (
    CHEQUE,
    TERMINAL,
    begun,
    keys_waiting,
    remit,
    remit_past,
    signed,
    total,
    unremitted_sum,
    waiting,
    withdraw_remittance,
)
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown, till
from cantine.gestion.remittance_form import PastForm, RemittanceForm
from members import reach
from members.access import role
from members.errors import Refused
from members.formats import euros

PER_PAGE, SHOWN, CONTENTS = 20, 60, 100
RIGHT = "billing.record_remittance"
TYPED = ("montant", "frais", "date", "libelle")
TITLES = {CHEQUE: gettext_lazy("Chèques"), TERMINAL: gettext_lazy("Cartes sur place")}


@dataclass(frozen=True)
class Section:
    """What waits by one means, the newest first, page by page; `sum` is what all of it comes to."""

    method: str
    title: str
    page: Page[Any]
    sum: Decimal
    form: RemittanceForm
    past: PastForm | None
    """Asks before which day all is at the bank, until a first remittance is noted."""
    query: str
    """The page shown of the other means, for a link to another page of this one."""


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def remittances(request: SignedInRequest) -> HttpResponse:
    """Show what waits, and what was given to the bank; POST notes a remittance.

    With `voir`, POST shows another page of what waits and writes nothing: what was ticked and typed is kept.
    """
    sellers, seller = till.seller_asked(request, request.user)
    if seller is None:
        raise PermissionDenied
    sections = [section(seller, method, request) for method in (CHEQUE, TERMINAL)]
    status = 200
    if request.method == "POST" and not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if request.method == "POST" and "voir" not in request.POST:
        chosen = next((each for each in sections if each.form.is_bound), None)
        made = noted(request, seller, chosen.form) if chosen else None
        if made is not None:
            words = {"sum": euros(made.net, shown.language())}
            messages.success(request, _("La remise est notée\u00a0: %(sum)s en banque.") % words)
            return redirect("admin:remittance", made.pk)
        status = 422
    rows = Remittance.objects.filter(seller=seller).select_related("by", "withdrawn_by").order_by("-pk")
    return shown.page(
        request,
        "gestion/remittances.html",
        status,
        title=_("Remises en banque"),
        sellers=sellers,
        seller=seller,
        sections=sections,
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        query=f"vendeur={seller.code}&",
        may_record=request.user.has_perm(RIGHT),
    )


def section(seller: Seller, method: str, request: SignedInRequest) -> Section:
    """What waits by one means, with the form as it was typed when it is this one's: what is ticked stays."""
    page = Paginator(keys_waiting(seller, method), SHOWN).get_page(request.GET.get(method))
    mine = request.POST if request.POST.get("moyen") == method else None
    here, ticked = {f"{key}" for key in page}, {*(mine.getlist("prise") if mine else ())}
    typed = {name: mine[name] for name in TYPED if name in mine} if mine else {}
    form = RemittanceForm(
        None if "voir" in request.POST else mine,
        method=method,
        waiting=waiting(seller, method, here | ticked)[::-1],
        here=here,
        ticked=ticked,
        initial={"date": seller.today(timezone.now()), **typed},
    )
    others = {f"{each}": request.GET[each] for each in TITLES if each != method and each in request.GET}
    query = urlencode({"vendeur": seller.code, **others}) + "&"
    title, past = f"{TITLES[Remittance.Method(method)]}", PastForm(method=method)
    return Section(
        method,
        title,
        page,
        unremitted_sum(seller, method),
        form,
        None if begun(seller, method) else past,
        query,
    )


def noted(request: SignedInRequest, seller: Seller, form: RemittanceForm) -> Remittance | None:
    """Note what was typed; None when it is to be corrected."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        return remit(
            seller=seller,
            method=data["moyen"],
            keys=data["prise"],
            received_on=data["date"],
            amount=data["montant"],
            fees=data.get("frais") or total(()),
            reference=data["libelle"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, f"{refused.message} {refused.instead or ''}".strip())
        return None


@role("manager", "treasurer")
@require_POST
def past(request: SignedInRequest) -> HttpResponse:
    """Note that the bank has all that was taken before a day, where remittances begin."""
    _sellers, seller = till.seller_asked(request, request.user)
    if seller is None or not request.user.has_perm(RIGHT):
        raise PermissionDenied
    back = redirect(reverse("admin:remittances", query={"vendeur": seller.code}))
    form = PastForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Dites avant quel jour tout est en banque."))
        return back
    data = form.cleaned_data
    try:
        made = remit_past(
            seller=seller,
            method=data["moyen"],
            before=data["avant"],
            reference=_("Reprise de ce qui précède"),
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        shown.refuse(request, refused)
        return back
    words = {"sum": euros(made.net, shown.language())}
    messages.success(request, _("La remise est notée\u00a0: %(sum)s en banque.") % words)
    return redirect("admin:remittance", made.pk)


@role("manager", "treasurer")
@require_safe
def remittance(request: SignedInRequest, pk: int) -> HttpResponse:
    """One remittance: what it holds, and how to withdraw it."""
    found = seen(request, pk)
    contents = found.contents.select_related(
        "event__payment__order__customer__user", "event__payment__order__customer__organisation"
    )
    page = Paginator(contents.order_by("event__sequence"), CONTENTS).get_page(request.GET.get("page"))
    words = {"sum": euros(found.net, shown.language())}
    return shown.page(
        request,
        "gestion/remittance.html",
        title=_("Remise de %(sum)s") % words,
        remittance=found,
        page=page,
        contents=[(each.event, signed(each.event)) for each in page],
        may_record=request.user.has_perm(RIGHT),
    )


@role("manager", "treasurer")
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a remittance entered by mistake."""
    found = seen(request, pk)
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    try:
        withdraw_remittance(remittance=found, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("La remise est retirée\u00a0: ce qu’elle contenait attend à nouveau."))
    return redirect("admin:remittance", pk)


def seen(request: SignedInRequest, pk: int) -> Remittance:
    """A remittance within reach, or a 404."""
    rows = Remittance.objects.select_related("seller", "by", "withdrawn_by")
    return get_object_or_404(reach.seen_by(rows, request.user), pk=pk)
