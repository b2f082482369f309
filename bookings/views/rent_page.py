"""What the pages of rentals show: the cards with their piece of the plan, one space, the request form."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import capfirst

from bookings import rental_words
from bookings.models import RentalRequest, Site, Space
from bookings.plan.piece import Piece, piece_of
from bookings.rental_form import RentalForm, RentalTermsForm
from bookings.rental_pricing import ExtraRow
from bookings.services import rules as reading
from bookings.services.availability.taken import features_of
from bookings.services.rentals.fitting import FURTHEST, stands_against
from bookings.services.rentals.free_days import hours_of_day
from bookings.services.rentals.offering import Offered, extras_of, indication_for, offered
from bookings.services.rules import Rules
from bookings.views.requests import PageRequest
from members.texts import typed


@dataclass(frozen=True)
class Rent:
    """What a site rents, and what may be asked with it."""

    rules: Rules
    offers: list[Offered]
    extras: list[ExtraRow]
    now: datetime

    @property
    def site(self) -> Site:
        """The site, with its seller."""
        return self.rules.site

    @property
    def today(self) -> date:
        """By the clocks of the site."""
        return self.now.astimezone(self.site.zone).date()

    @property
    def neighbours(self) -> list[Space]:
        """Every space of the site, for the plan."""
        return self.rules.premises.listed(self.site)

    def offer(self, code: str) -> Offered:
        """One of its spaces, or 404."""
        found = next((each for each in self.offers if each.space.code == code), None)
        if found is None:
            raise Http404
        return found

    def terms_form(self, data: QueryDict) -> RentalTermsForm:
        """The part of the form that the price depends on, as it was sent."""
        return RentalTermsForm(data, site=self.site, offers=self.offers, extras=self.extras)

    def form(self, data: QueryDict | None = None, **rest: Any) -> RentalForm:
        """The whole form."""
        return RentalForm(data, site=self.site, offers=self.offers, extras=self.extras, now=self.now, **rest)


def rent_of(code: str, now: datetime) -> Rent:
    """Read what a site rents; 404 for one that is not open."""
    site = Site.objects.open().select_related("seller").filter(code=code).first()
    if site is None:
        raise Http404
    rules = reading.of_site(site)
    day = now.astimezone(site.zone).date()
    return Rent(rules, offered(rules, day=day), extras_of(site, day=day), now)


@dataclass(frozen=True)
class Card:
    """One space among the others."""

    name: str
    href: str
    people: str
    equipment: str
    least: dict[str, str]
    piece: Piece | None


def cards(rent: Rent) -> list[Card]:
    """Every space, as a card."""
    return [
        Card(
            name=offer.space.label,
            href=offer.rental.get_absolute_url(),
            people=rental_words.people_said(offer),
            equipment=", ".join(features_of(offer.space)[0]),
            least=rental_words.least(offer.least),
            piece=piece_of(offer.space, rent.neighbours),
        )
        for offer in rent.offers
    ]


def initial_of(request: PageRequest, rent: Rent) -> dict[str, Any]:
    """What the form begins with: the space and day of the address, and who is signed in."""
    found: dict[str, Any] = {}
    said = typed(request.GET)
    if any(offer.space.code == said.get("espace") for offer in rent.offers):
        found["space"] = said["espace"]
    with suppress(ValueError, OverflowError):
        found["day"] = date.fromisoformat(said.get("jour", ""))
    for name, asked in (("starts", "de"), ("ends", "a")):
        with suppress(ValueError):
            found[name] = time.fromisoformat(said.get(asked, ""))
    if said.get("personnes", "").isdecimal():
        found["people"] = said["personnes"][:4]
    if request.user.is_authenticated:
        found |= {"name": request.user.name, "email": request.user.email}
    return found


def again(asked: RentalRequest) -> str:
    """The form, with what a request asked of the house; who asked is not told in an address."""
    local = asked.local
    said = {
        "espace": asked.space.code if asked.space else "",
        "jour": local.start.date().isoformat(),
        "de": f"{local.start:%H:%M}",
        "a": f"{local.end:%H:%M}",
        "personnes": asked.people,
    }
    at = reverse("bookings:rent_at", args=[asked.site.code])
    return f"{at}?{urlencode({name: value for name, value in said.items() if value})}#demande"


def free_said(rent: Rent, form: RentalTermsForm) -> str:
    """What of the day typed is free in the space chosen; nothing until both are."""
    offer, day = form.offer_said, form.day_said
    if offer is None or day is None or not rent.today <= day <= rent.today + FURTHEST:
        return ""
    return rental_words.day_said(
        offer.space.label, day, hours_of_day(rent.rules, offer.space, day, now=rent.now)
    )


def price_context(rent: Rent, data: QueryDict) -> dict[str, Any]:
    """The indicative price of what is typed so far, and the hours of that day; without one, what it lacks."""
    form = rent.terms_form(data)
    hours = {"free_said": free_said(rent, form)}
    if not form.is_valid():
        return {**hours, "price_lines": [], "price_to_come": True}
    terms = form.terms()
    wanted = {name: terms[name] for name in ("space", "period", "people")}
    against = stands_against(rent.offers, rules=rent.rules, layout=form.layout_chosen, now=rent.now, **wanted)
    told: dict[str, Any] = {**hours, "against": against}
    price = indication_for(**terms) if against is None or against.priced else None
    if price is None:
        to_come = form.space_chosen is None and against is None
        return {**told, "price_lines": [], "price_to_come": to_come}
    lines, label, total = rental_words.price_lines(price)
    return {**told, "price_lines": lines, "price_label": label, "price_total": total}


def layouts_of(offer: Offered) -> Sequence[tuple[str, int]]:
    """(layout, for how many) each."""
    rows = offer.rental.layouts.all()
    return [(capfirst(str(row.get_kind_display())), row.capacity) for row in rows]
