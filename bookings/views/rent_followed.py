"""The private page of a rental request: whoever has its link follows it, and may take it back."""

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing.documents.files import PDF
from billing.models import QuoteFile
from bookings import rental_words
from bookings.models import RentalQuote, RentalRequest
from bookings.moved_words import moved_said
from bookings.quote_form import AcceptForm, RefuseForm
from bookings.quote_messages import cancelled_said
from bookings.rental_change_words import answer_pill, change_facts
from bookings.rental_facts import facts_of, price_said
from bookings.rental_titles import is_invoiced_early, title_of
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.cancelling import may_be_cancelled
from bookings.services.rentals.changing import may_ask_change
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.staying import HAPPENS
from bookings.stay import stay_of
from bookings.views import rent_documents
from bookings.views.rent_link import KEY, by_link
from bookings.views.rent_page import again
from bookings.views.rent_quote import evidence_of, form_of, latest_of, page_of, version_of
from bookings.views.requests import PageRequest
from members.access import with_key
from members.errors import Refused


@with_key(KEY)
@never_cache
@require_safe
@by_link
def followed(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Show what was asked, where it stands and what comes next."""
    return render(request, "bookings/rent_followed.html", context_of(asked))


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def accept(request: PageRequest, asked: RentalRequest, version: int) -> HttpResponse:
    """Accept a version of the quote, then lead on to the advance where one is asked."""
    rental, now = version_of(asked, version), timezone.now()
    if request.method != "POST":
        return redirect(asked)
    form, refusal = form_of(rental, now=now, data=request.POST), None
    if form.is_valid():
        try:
            accepted = accept_quote(
                rental=rental,
                evidence=evidence_of(request, form),
                now=now,
                start_requested=bool(form.cleaned_data.get("start")),
            )
            return redirect(page_of(accepted, now=now).pay or asked)
        except Refused as refused:
            refusal = refused
            asked.refresh_from_db()
    context = {**context_of(asked, form=form), "refusal": refusal}
    status = refusal.status if refusal else 422
    return render(request, "bookings/rent_followed.html", context, status=status)


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def refuse(request: PageRequest, asked: RentalRequest, version: int) -> HttpResponse:
    """Ask why, then refuse a version of the quote."""
    rental, now, refusal = version_of(asked, version), timezone.now(), None
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_quote(rental=rental, reason=form.said(), now=now)
            return redirect(asked)
        except Refused as refused:
            refusal = refused
    elif request.method != "POST" and not rental.quote.can_be_accepted(now):
        return redirect(asked)
    context = {**context_of(asked), "rental": rental, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "bookings/rent_refuse.html", context, status=status)


@with_key(KEY)
@never_cache
@require_safe
@by_link
def quote_pdf(request: PageRequest, asked: RentalRequest, version: int) -> HttpResponseBase:
    """Give the PDF of a version that was sent."""
    row = get_object_or_404(QuoteFile, quote=version_of(asked, version).quote)
    return FileResponse(row.file.open("rb"), content_type=PDF, filename=f"{row.quote.number}.pdf")


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def withdraw(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Ask before taking a request back, then do it."""
    refusal = None
    if request.method == "POST":
        try:
            return redirect(withdraw_request(request=asked, now=timezone.now()))
        except Refused as refused:
            refusal = refused
            asked.refresh_from_db()
    elif not asked.may_be_withdrawn:
        return redirect(asked)
    context = {**context_of(asked), "refusal": refusal}
    return render(request, "bookings/rent_withdraw.html", context, status=refusal.status if refusal else 200)


def context_of(asked: RentalRequest, *, form: AcceptForm | None = None) -> dict[str, Any]:
    """What the pages say: the request, and its quote once there is one."""
    rental, documents = latest_of(asked), rent_documents.shown(asked)
    offer = page_of(rental, now=timezone.now(), form=form) if rental is not None else None
    waits = offer if offer is not None and offer.pay else None
    owed = rent_documents.owed_of(documents)
    early = is_invoiced_early(asked, rental, now=timezone.now())
    now_said, next_said = rental_words.standing(asked, invoiced_early=early)
    if offer is not None and offer.next_said and asked.state in ("quoted", "won"):
        now_said, next_said = offer.now_said or now_said, offer.next_said
    if owed and asked.state == RentalRequest.State.DONE:
        next_said = owed[0].said
    if rental is not None and asked.state == RentalRequest.State.CANCELLED:
        next_said = cancelled_said(rental)
    return {
        "title": title_of(asked, rental, owes=bool(owed), now=timezone.now()),
        "offer": offer,
        "owed": owed,
        "documents": documents,
        "advance_asked": rent_documents.advance_asked(waits.quote, waits.advance) if waits else None,
        "section": "bookings:rent",
        "site": asked.site,
        "request_asked": asked,
        "local": asked.local,
        "facts": facts_of(asked),
        "price": price_said(asked),
        "steps": rental_words.steps(asked),
        "now_said": now_said,
        "next_said": next_said,
        "link_until": asked.link_until.astimezone(asked.site.zone),
        "private": True,
        "again": again(asked),
        "changes": [(each, change_facts(each), answer_pill(each)) for each in asked.changes.standing()],
        "may_ask_change": may_ask_change(asked, rental, now=timezone.now()),
        "is_over": rental_words.is_over(asked, rental, now=timezone.now()),
        "may_cancel": rental is not None and may_be_cancelled(rental, now=timezone.now()),
        **day_of(asked, rental),
    }


def day_of(asked: RentalRequest, rental: RentalQuote | None) -> dict[str, Any]:
    """Whether there is an access sheet to read, or something to say of a day that is over; what was moved."""
    stay = stay_of(rental) if rental is not None and asked.state in HAPPENS else None
    if rental is None or stay is None:
        return {}
    now = timezone.now()
    return {
        "has_sheet": now < stay.taken.end,
        "asks_feedback": now >= stay.period.end,
        "moved_said": moved_said(rental, stay),
    }
