"""Quotes of rentals: preparing, sending, taking back; each a page of intent that calls its service."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.documents.files import PDF
from billing.models import Quote, QuoteFile
from billing.quotes.offers import offer_of
from bookings.errors_quote import OptionInTheWay
from bookings.models import RentalDiscount, RentalQuote, RentalRequest
from bookings.quote_words import where_and_when
from bookings.rental_facts import facts_of
from bookings.services.rentals import quoting, sending
from bookings.views.requests import SignedInRequest
from cantine.gestion import quote_hours, quotes, shown
from cantine.gestion.forms import CloseRequestForm
from members import reach
from members.access import role
from members.errors import Refused
from members.models import User

RULE = "regle-"


@role("manager")
@require_POST
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the draft of a request, or find the one there is; then edit it."""
    asked = one_request(request.user, pk)
    try:
        rental = quoting.draft_quote(request=asked, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
        return redirect("admin:bookings_rentalrequest_change", pk)
    return redirect("admin:edit_quote", rental.quote_id)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a draft and what it comes to; keep or send it; a quote that was sent is read elsewhere."""
    rental = one(request.user, pk)
    if rental.quote.state != Quote.State.DRAFT:
        return redirect("admin:billing_quote_change", pk)
    if request.method != "POST":
        return page(request, quotes.read(rental))
    do, sent = request.POST.get("do", ""), request.POST.copy()
    sent = quote_hours.following(rental, sent)
    data = quotes.one_more_line(rental, sent) if do == "add" else sent
    draft = quotes.read(rental, data)
    if do == "add":
        shown.added(request, draft.lines, added=data is not sent)
    if do.startswith(RULE) and draft.offer is not None:
        draft = quotes.read(rental, ruled(rental, data, draft, do.removeprefix(RULE)))
    if do in ("save", "send") and draft.offer is not None:
        return keep(request, draft, send=do == "send")
    return page(request, draft, status=422 if do in ("save", "send") else 200)


def ruled(rental: RentalQuote, data: QueryDict, draft: quotes.Draft, pk: str) -> QueryDict:
    """What was sent, with the discount that was pointed at."""
    rule = rules_of(rental).filter(pk=pk).first() if pk.isdecimal() else None
    if rule is None or draft.offer is None:
        return data
    return quotes.with_rule(data, rule, draft.offer.lines, rental.quote.language)


def keep(request: SignedInRequest, draft: quotes.Draft, *, send: bool) -> HttpResponse:
    """Keep a draft that is right, and send it when that was asked; a refusal shows what was typed."""
    assert draft.what is not None
    assert draft.offer is not None
    try:
        quoting.save_draft(rental=draft.rental, what=draft.what, offer=draft.offer)
        if send:
            behind = request.POST.get("second") == "oui"
            sending.send_quote(
                rental=one(request.user, draft.rental.quote_id), now=timezone.now(), behind_options=behind
            )
    except Refused as refused:
        shown.refuse(request, refused)
        return page(request, draft, status=409, option=isinstance(refused, OptionInTheWay))
    words = {"number": draft.rental.quote.number, "who": draft.rental.request}
    if not send:
        messages.success(request, _("Le brouillon %(number)s est gardé.") % words)
        return redirect("admin:edit_quote", draft.rental.quote_id)
    messages.success(request, _("Le devis %(number)s part par e-mail à %(who)s.") % words)
    return redirect("admin:billing_quote_change", draft.rental.quote_id)


def page(
    request: SignedInRequest, draft: quotes.Draft, *, status: int = 200, option: bool = False
) -> HttpResponse:
    """The page of a draft."""
    rental, now = draft.rental, timezone.now()
    offer = draft.offer or (None if draft.form.is_bound else offer_of(rental.quote))
    sums, total = quotes.sums_of(offer, shown.language()) if offer is not None else ([], None)
    context: dict[str, Any] = {
        "rental": rental,
        "form": draft.form,
        "lines": draft.lines,
        "sums": sums,
        "total": total,
        "rivals": quotes.rivals_of(draft, now=now),
        "option": option,
        "rules": rules_of(rental),
        "facts": facts_of(rental.request),
        "was": quote_hours.was(draft, request.POST),
    }
    title = _("Devis %(number)s pour %(who)s") % {"number": rental.quote.number, "who": rental.request}
    return shown.page(request, "gestion/quote.html", status=status, title=title, **context)


def rules_of(rental: RentalQuote) -> Any:
    """The discounts in force at the site."""
    today = timezone.localdate(timezone=rental.request.site.zone)
    return RentalDiscount.objects.on(today).filter(site=rental.request.site)


@role("manager")
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    rental = one(request.user, pk)
    try:
        quoting.discard_draft(rental=rental)
    except Refused as refused:
        shown.refuse(request, refused)
        return redirect("admin:billing_quote_change", pk)
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("admin:bookings_rentalrequest_change", rental.request_id)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, then take a sent quote back."""
    rental = one(request.user, pk)
    if request.method == "POST":
        try:
            sending.withdraw_quote(rental=rental, now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, _("Le devis %(number)s est retiré.") % {"number": rental.quote.number})
        return redirect("admin:billing_quote_change", pk)
    title = _("Retirer le devis %(number)s\u202f?") % {"number": rental.quote.number}
    said = where_and_when(rental)
    return shown.page(request, "gestion/quote_withdraw.html", title=title, rental=rental, said=said)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def close_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """File a request that comes to nothing, with its reason."""
    asked = one_request(request.user, pk)
    form = CloseRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sending.close_request(request=asked, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, _("La demande de %(who)s est classée.") % {"who": asked})
        return redirect("admin:bookings_rentalrequest_change", pk)
    title = _("Classer la demande de %(who)s\u202f?") % {"who": asked}
    return shown.page(request, "gestion/request_close.html", title=title, form=form, asked=asked)


@role("manager", "treasurer")
@require_safe
def pdf(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Give the PDF of a quote that was sent."""
    rows = reach.seen_by(QuoteFile.objects.select_related("quote"), request.user)
    row = get_object_or_404(rows, quote=pk)
    return FileResponse(row.file.open("rb"), content_type=PDF, filename=f"{row.quote.number}.pdf")


def one_request(user: User, pk: int) -> RentalRequest:
    """A request of their sites, or a 404."""
    rows = RentalRequest.objects.select_related("site__seller", "space")
    return get_object_or_404(reach.managed_by(rows, user), pk=pk)


def one(user: User, pk: int) -> RentalQuote:
    """The rental of a quote, with what is said of it, or a 404."""
    rows = reach.managed_by(RentalQuote.objects.told().select_related("request__space"), user)
    return get_object_or_404(
        rows.prefetch_related("quote__lines", "options", "request__extras__product"), quote=pk
    )
