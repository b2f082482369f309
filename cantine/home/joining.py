"""« Rejoindre » : what the place offers, what it costs and how one becomes a member, for who is none yet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import OpeningHours, Site, Space
from bookings.rental_structured import address_of
from bookings.services import premises
from bookings.services.premises import Premises
from bookings.services.price_list import PriceRow, price_list
from bookings.usual_week import Days, usual_week
from members.access import public
from members.formats import hours
from members.models.invitation import LASTS
from members.rights import is_of_the_house
from members.structured import SCHEMA, in_script

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Offered:
    """One thing the place offers, as a row of a list."""

    icon: str
    name: str
    note: str
    href: str = ""


@public
@require_safe
def joining(request: HttpRequest) -> HttpResponse:
    """Show the page of a site (`?site=`), else of the first; a place without a site has no prices yet."""
    now, read = timezone.now(), premises.current()
    sites = read.open_sites
    asked = request.GET.get("site", "")
    site = next((each for each in sites if each.code == asked), sites[0] if sites else None)
    user = request.user
    context = {
        "section": "joining",
        "address": settings.PUBLIC_URL + reverse("joining"),
        "sites": sites if len(sites) > 1 else [],
        "invitation_days": LASTS.days,
        "is_member": user.is_authenticated and is_of_the_house(user, now),
    }
    return render(request, "home/joining.html", context | (of_site(read, site, now) if site else {}))


def of_site(read: Premises, site: Site, now: datetime) -> dict[str, Any]:
    """What is particular to one site: its spaces, prices, hours and way."""
    day = now.astimezone(site.zone).date()
    week, prices = usual_week(read.hours.get(site.pk, ()), day), price_list(read, site, day)
    return {
        "site": site,
        "offers": offers(site, read.listed(site)),
        "prices": prices,
        "week": [(days_said(days), hours_said(days)) for days in week if any(each.hours for each in week)],
        "data": structured(site, week, prices, day),
    }


def offers(site: Site, spaces: list[Space]) -> list[Offered]:
    """What one finds there: only what there is."""
    return [*_desks(site, spaces), *_rooms(site, spaces), *_life()]


def _desks(site: Site, spaces: list[Space]) -> list[Offered]:
    desks = sum(space.kind == Space.Kind.DESK for space in spaces)
    if not desks:
        return []
    name = ngettext("%(n)s poste de travail", "%(n)s postes de travail", desks) % {"n": desks}
    href = reverse("bookings:reserve_at", args=[site.code])
    return [Offered("desk", name, _("Choisi sur le plan, à la demi-journée ou à la journée."), href)]


def _rooms(site: Site, spaces: list[Space]) -> list[Offered]:
    rooms = [space.capacity for space in spaces if space.kind in (Space.Kind.ROOM, Space.Kind.HALL)]
    if not rooms:
        return []
    name = ngettext("%(n)s salle", "%(n)s salles", len(rooms)) % {"n": len(rooms)}
    note = _("Jusqu’à %(most)s personnes, pour vos réunions et vos événements.") % {"most": max(rooms)}
    return [Offered("door", name, note, reverse("bookings:rent_at", args=[site.code]))]


def _life() -> list[Offered]:
    return [
        Offered(
            "calendar",
            _("Des événements"),
            _("Ateliers, rencontres et permanences, ouverts à tous ou entre membres."),
            reverse("events:agenda"),
        ),
        Offered(
            "people",
            _("Des gens avec qui parler métier"),
            _("Un annuaire et l’entraide, entre membres et pour eux seuls."),
        ),
    ]


def days_said(days: Days) -> str:
    """« Lundi – vendredi », « Samedi »."""
    first, last = (str(OpeningHours.Weekday(weekday).label) for weekday in (days.first, days.last))
    return capfirst(first if first == last else f"{first}\u00a0– {last}")


def hours_said(days: Days) -> str:
    """« 9 h – 13 h, 14 h – 18 h »; or that it is closed."""
    language = get_language() or "fr"
    spans = (hours(opens, closes, language) for opens, closes in days.hours)
    return ", ".join(spans) or _("fermé")


def structured(site: Site, week: list[Days], prices: list[PriceRow], day: date) -> SafeString:
    """The place as search engines read it (schema.org)."""
    url = f"{settings.PUBLIC_URL}{reverse('joining')}?site={site.code}"
    found = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": url,
        "url": url,
        "name": f"La Cantine Numérique, {site.name}",
        "address": address_of(site),
        "telephone": site.phone,
        "email": site.email,
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [SCHEMA + name for name in WEEKDAYS[days.first : days.last + 1]],
                "opens": f"{opens:%H:%M}",
                "closes": f"{closes:%H:%M}",
            }
            for days in week
            for opens, closes in days.hours
        ],
        "makesOffer": [
            {
                "@type": "Offer",
                "name": f"{row.name}, {row.unit}",
                "price": f"{row.outside:.2f}",
                "priceCurrency": "EUR",
                "validFrom": day.isoformat(),
            }
            for row in prices
            if row.outside is not None
        ],
    }
    return in_script({name: value for name, value in found.items() if value not in ("", [])})
