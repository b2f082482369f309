"""Choosing and booking a desk: one page that answers with a fragment of itself to htmx."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from billing.errors import StartNotRequested
from bookings.errors import AlreadyTaken, Closed
from bookings.models import Booking, Site, Space
from bookings.opening import AFTERNOON, MORNING
from bookings.period import Period
from bookings.services import availability
from bookings.services import booking as booking_service
from bookings.services.availability import DayRead
from bookings.templatetags.kept import MARK, with_token
from bookings.views import desk_page
from bookings.views.asked import AskedDesk, read_desk
from bookings.views.payers import Payers, has_changed
from bookings.views.requests import PageRequest
from bookings.views.where import Where, where
from members.access import public
from members.errors import Refused
from members.models import User

START = "commencer"
"""The box of a consumer's request to begin, in the tickets that book at once."""
STRIP_DAYS = 12
"""From Monday to the Friday after next; a Sunday that is only closed is left out."""
PAGES = 128
"""How many choices are kept, of about 80 kB each."""


@public
@require_safe
def reserve(request: PageRequest) -> HttpResponse:
    """Lead to the first site, or to the one and the day asked for."""
    sites = Site.objects.open()
    wanted = request.GET.get("site")
    site = get_object_or_404(sites, code=wanted) if wanted else sites.first()
    if site is None:
        raise Http404
    return led(request, "bookings:desks", site)


@public
@require_safe
def reserve_at(request: PageRequest, site: str) -> HttpResponse:
    """Lead to a site's day: the one of the date field, else the one on which one may still come."""
    found = get_object_or_404(Site.objects.open(), code=site)
    return led(request, "bookings:desks", found)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def desks(request: PageRequest, site: str, day: date) -> HttpResponse:
    """Show a day’s desks; POST books the chosen one. Who loses a race stays here, the nearest one chosen."""
    posted, now = request.method == "POST", timezone.now()
    found = where(site, day, request, habits=not posted, prices=not posted)
    data = request.POST if posted else request.GET
    asked = read_desk(data, site=site, day=day, half=half_now(found.site, day, now), client=found.payers.key)
    if not posted:
        return shown(request, found, asked, now=now)
    if not request.user.is_authenticated:
        return redirect_to_login(asked.href())
    if has_changed(request.POST):
        return redirect(asked.href())
    try:
        booking = book(asked, found, by=request.user, start_requested=START in request.POST, now=now)
        found.payers.remember(request.session)
        return lead_on(booking)
    except Refused as refused:
        said = refusal_of(refused, asked)
        found = where(site, day, request, habits=True)
        return shown(request, found, said.pop("asked"), now=now, refusal=said)


def shown(
    request: PageRequest,
    found: Where,
    asked: AskedDesk,
    *,
    now: datetime,
    refusal: dict[str, Any] | None = None,
) -> HttpResponse:
    """Print the page of what is asked for; a desk that does not exist is a 404."""
    read = availability.read_day(
        found.rules,
        day=asked.day,
        half=asked.half,
        user=request.user,
        now=now,
        strip_from=asked.day - timedelta(days=asked.day.weekday()),
        strip_days=STRIP_DAYS,
    )
    desks = read.premises.listed(read.site, kinds=[Space.Kind.DESK])
    if asked.number is not None and all(desk.number != asked.number for desk in desks):
        raise Http404
    seen = Seen(read, asked, found.payers.said, request.user.is_authenticated)
    once = {**(refusal or {}), **({"messages": told} if len(told := get_messages(request)) else {})}
    choice = made(seen, **once) if once else made_once(seen, get_language())
    if not is_partly(request):
        said = {"section": "bookings:reserve", "choice": choice, "site": read.site, "day": asked.day}
        choice = render_to_string("bookings/desks.html", {**said, "csrf_token": MARK}, request)
    else:
        choice = render_to_string("bookings/_title.html", {"day": asked.day}) + choice
    page = with_token(choice, lambda: get_token(request))
    return finished(HttpResponse(page, status=refusal["status"] if refusal else 200))


@dataclass(frozen=True)
class Seen:
    """Everything the choice on the page depends on, by value."""

    read: DayRead
    asked: AskedDesk
    payers: Payers
    signed_in: bool


@lru_cache(PAGES)
def made_once(seen: Seen, language: str | None) -> SafeString:
    """The choice in the language of the screen, kept for whoever is to see the very same."""
    return made(seen)


def made(seen: Seen, **refusal: Any) -> SafeString:
    """What changes with a choice: plan, list and ticket."""
    page = desk_page.build(availability.plan_of(seen.read), seen.asked, payers=seen.payers, now=seen.read.now)
    said = {
        "page": page,
        "site": seen.read.site,
        "sites": seen.read.premises.open_sites,
        "user": {"is_authenticated": seen.signed_in},
        "csrf_token": MARK,
    }
    rendered = render_to_string("bookings/_desks.html", {**said, **refusal})
    return rendered


def book(asked: AskedDesk, found: Where, *, by: User, start_requested: bool, now: datetime) -> Booking:
    """Book what is asked for, in the name that is chosen."""
    site, period = found.site, period_of(asked, found)
    customer = found.payers.chosen.customer_of(by)
    terms = customer.has_terms
    if asked.number is None:
        return booking_service.book_any(
            site=site,
            kind=Space.Kind.DESK,
            period=period,
            customer=customer,
            by=by,
            now=now,
            equipment=asked.filters,
            on_terms=terms,
            start_requested=start_requested,
        )
    desks = found.premises.listed(site, kinds=[Space.Kind.DESK])
    space = next((each for each in desks if each.number == asked.number), None)
    if space is None:
        raise Http404
    return booking_service.book_space(
        space=space,
        period=period,
        customer=customer,
        by=by,
        now=now,
        on_terms=terms,
        start_requested=start_requested,
    )


def period_of(asked: AskedDesk, found: Where) -> Period:
    """The half-day or day asked for, as the site's hours say; refused when it is not open from end to end."""
    opening = found.rules.opening(asked.day)
    period = opening.half(asked.half)
    if period is None:
        raise Closed(instead=opening.reason or None)
    return period


def lead_on(booking: Booking) -> HttpResponse:
    """To the payment while something is to be paid, else to the ticket."""
    if booking.state == Booking.State.HELD and booking.line is not None:
        return redirect("billing:pay", booking.line.order.public_id)
    return redirect("bookings:booking", booking.reference)


def refusal_of(refused: Refused, asked: AskedDesk) -> dict[str, Any]:
    """What the page says of a refusal; after a lost race the nearest desk is chosen already."""
    near = refused.alternatives if isinstance(refused, AlreadyTaken) else ()
    nearest = asked if not near else AskedDesk(**{**vars(asked), "desk": str(near[0].number)})
    return {
        "refused": refused,
        "told": desk_page.told(refused, asked.desk, near),
        "near": [{"number": space.number, "href": asked.href(desk=str(space.number))} for space in near],
        "status": refused.status,
        "start_missing": isinstance(refused, StartNotRequested),
        "asked": nearest,
    }


def is_partly(request: PageRequest) -> bool:
    """Whether htmx asks for the part of the page that changes."""
    return bool(request.htmx and not request.htmx.history_restore_request)


def finished(response: HttpResponse) -> HttpResponse:
    """Say that it is one person's, and differs for htmx; it is never kept by a cache."""
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    response["Cache-Control"] = "private, no-store"
    return response


def led(request: PageRequest, name: str, site: Site) -> HttpResponse:
    """To the day of `day_from`, in the same name."""
    address, client = reverse(name, args=[site.code, day_from(request, site)]), request.GET.get("client")
    return redirect(f"{address}?{urlencode({'client': client})}" if client else address)


def half_now(site: Site, day: date, now: datetime) -> str:
    """Which half-day is shown first: this afternoon once it is noon."""
    local = now.astimezone(site.zone)
    return AFTERNOON if day == local.date() and local.hour >= 12 else MORNING


def day_from(request: PageRequest, site: Site) -> date:
    """The day of a date field, else the one on which one may still come."""
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return availability.day_to_come(site, timezone.now())
