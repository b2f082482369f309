"""Renting: what there is, one space, and the request that anyone may send."""

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings import rental_words
from bookings.album import ALBUM
from bookings.errors_rental import TooManyRequests, TooQuick
from bookings.guard import read_token
from bookings.models import RentalPicture, RentalRequest, RentalSpace, Site
from bookings.plan.piece import piece_of
from bookings.rental_form import RentalForm
from bookings.rental_structured import structured
from bookings.services import premises
from bookings.services.availability.taken import features_of
from bookings.services.rentals.free_days import free_month, month_of
from bookings.services.rentals.requesting import request_rental
from bookings.views.rent_page import (
    Rent,
    cards,
    free_said,
    initial_of,
    layouts_of,
    price_context,
    rent_of,
)
from bookings.views.requests import PageRequest
from members import form_tokens
from members.access import public
from members.errors import Refused
from members.services.people import addresses_of
from members.texts import typed

DAY = 24 * 3600


@public
@require_safe
def any_rent(request: PageRequest) -> HttpResponse:
    """Lead to the site asked for, else to the first that rents anything."""
    wanted, sites = request.GET.get("site", ""), premises.current().open_sites
    first = [site for site in sites if site.code == wanted] or renting_sites() or sites
    if not first:
        raise Http404
    return redirect("bookings:rent_at", first[0].code)


def renting_sites() -> list[Site]:
    """The open sites that rent anything, in their order."""
    renting = set(RentalSpace.objects.public().values_list("space__site", flat=True))
    return [site for site in premises.current().open_sites if site.pk in renting]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rent_at(request: PageRequest, site: str) -> HttpResponse:
    """Show what a site rents, with the form; refused, everything that was typed comes back."""
    rent = rent_of(site, timezone.now())
    if request.method != "POST":
        return _page(request, rent, rent.form(initial=initial_of(request, rent)))
    data = typed(request.POST)
    form = rent.form(data)
    if data.get("do") == "price":
        return _page(request, rent, rent.form(initial=data.dict() | {"extras": data.getlist("extras")}))
    if not form.is_valid():
        return _page(request, rent, form, status=422)
    try:
        return asked_for(request, ask(request, rent, form))
    except Refused as refusal:
        return _page(request, rent, form, refusal=refusal, status=refusal.status)


def asked_for(request: PageRequest, asked: RentalRequest) -> HttpResponse:
    """Lead on: the private link goes to the address that was written, which may be somebody else's.

    Who is signed in and proved that it is theirs is led to the private page at once.
    """
    person = request.user
    if person.is_authenticated and asked.email.lower() in addresses_of(person):
        return redirect(asked)
    messages.success(request, _("Votre demande est partie. Le lien est envoyé à %s.") % asked.email)
    return redirect("bookings:rent_received")


@public
@never_cache
@require_safe
def received(request: PageRequest) -> HttpResponse:
    """Say that the private link is in the e-mail."""
    return render(request, "bookings/rent_received.html", {"section": "bookings:rent"})


def ask(request: PageRequest, rent: Rent, form: RentalForm) -> RentalRequest:
    """Take the request, if a person seems to have sent it, and not too many of them."""
    token = read_token(request)
    who = form.who()
    if not ratelimit.consume(request, action="ask_to_rent", key=who.email):
        raise TooManyRequests
    if not ratelimit.consume(request, action="ask_to_rent_in_all", key="everyone"):
        raise TooManyRequests
    return request_rental(asked=form.asked(), who=who, now=rent.now, form_token=token)


def _page(
    request: PageRequest,
    rent: Rent,
    form: RentalForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    sites = renting_sites()
    keeps = refusal is None or isinstance(refusal, TooQuick)
    sent = request.POST.get("token", "") if keeps else ""
    data = typed(request.POST if request.method == "POST" else request.GET)
    context = {
        "section": "bookings:rent",
        "site": rent.site,
        "sites": sites if len(sites) > 1 else [],
        "cards": cards(rent),
        "form": form,
        "refusal": refusal,
        "token": sent or form_tokens.issue(),
        "address": settings.PUBLIC_URL + request.path,
        "free_said": free_said(rent, form),
        **(price_context(rent, data) if request.method == "POST" else {"price_to_come": True}),
    }
    return render(request, "bookings/rent.html", context, status=status)


@public
@require_safe
def price(request: PageRequest, site: str) -> HttpResponse:
    """Give the indicative price of what is typed so far: a part of the page."""
    rent = rent_of(site, timezone.now())
    return render(request, "bookings/_rent_price.html", price_context(rent, typed(request.GET)))


@public
@require_safe
def layouts(request: PageRequest, site: str) -> HttpResponse:
    """Give the layouts that the space chosen takes: a part of the page."""
    form = rent_of(site, timezone.now()).terms_form(typed(request.GET))
    return render(request, "components/field.html", {"field": form["layout"]})


@public
@require_safe
def space(request: PageRequest, site: str, code: str) -> HttpResponse:
    """Show one space: pictures, layouts, equipment, its place on the plan and its free days."""
    rent = rent_of(site, timezone.now())
    offer = rent.offer(code)
    month = month_of(request.GET.get("mois", ""), rent.today)
    context: dict[str, Any] = {
        "section": "bookings:rent",
        "site": rent.site,
        "offer": offer,
        "rental": offer.rental,
        "people": rental_words.people_said(offer),
        "least": rental_words.least(offer.least),
        "layouts": layouts_of(offer),
        "equipment": features_of(offer.space)[0],
        "pictures": offer.rental.pictures.all(),
        "piece": piece_of(offer.space, rent.neighbours),
        "month": free_month(rent.rules, offer.space, month, now=rent.now),
        "address": settings.PUBLIC_URL + request.path,
        "data": structured(offer, site=rent.site),
    }
    return render(request, "bookings/rent_space.html", context)


@public
@require_safe
def picture(request: PageRequest, name: str) -> HttpResponseBase:
    """Give a picture of a space that anyone may see."""
    shown = RentalPicture.objects.public()
    if not (shown.filter(large=name).exists() or shown.filter(small=name).exists()):
        raise Http404
    try:
        response = FileResponse(ALBUM.open(name), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = f"public, max-age={DAY}"
    response["Content-Disposition"] = "inline"
    return response
