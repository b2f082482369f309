"""Choosing and booking a room, on its week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.errors import StartNotRequested
from billing.models import Customer
from bookings.errors import AlreadyTaken
from bookings.models import Booking, Site, Space
from bookings.period import Period, asked_at
from bookings.services import availability, prices
from bookings.services import booking as booking_service
from bookings.services.rules import atoms_of
from bookings.services.shown import DayOff, Week
from bookings.views import payers, room_page
from bookings.views.asked import AskedRoom, read_room
from bookings.views.desks import START, day_from, finished, is_partly, lead_on, led
from bookings.views.requests import PageRequest
from bookings.views.room_hours import free_hours
from bookings.views.where import Where, where
from members.access import public
from members.errors import Refused
from members.models import User

OFFERED = timedelta(hours=2)
KINDS = (Space.Kind.ROOM, Space.Kind.BOOTH)


@public
@require_safe
def any_rooms(request: PageRequest) -> HttpResponse:
    """Lead to the rooms of the first site, or of the one asked for, on the day of the date field."""
    sites = Site.objects.open()
    wanted = request.GET.get("site")
    site = get_object_or_404(sites, code=wanted) if wanted else sites.first()
    if site is None:
        raise Http404
    return led(request, "bookings:rooms", site)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: PageRequest, site: str, day: date) -> HttpResponse:
    """Show a room's week; POST books the hours seen, and a lost race stays here."""
    found = where(site, day, request)
    posted = request.method == "POST"
    asked = read_room(request.POST if posted else request.GET, site=site, day=day, client=found.payers.key)
    if not posted and request.GET.get("jour"):
        return redirect(asked.href(day=day_from(request, found.site)))
    refusal: dict[str, Any] = {}
    if posted:
        if has_changed(request, asked):
            return redirect(asked.href())
        if not request.user.is_authenticated:
            return redirect_to_login(asked.href())
        try:
            booking = book(asked, found, by=request.user, start_requested=START in request.POST)
            found.payers.remember(request.session)
            return lead_on(booking)
        except Refused as refused:
            refusal = refusal_of(refused, asked)
    return shown(request, found, asked, refusal)


def shown(request: PageRequest, found: Where, asked: AskedRoom, refusal: dict[str, Any]) -> HttpResponse:
    """Print the page of what is asked for; a site without rooms says so."""
    site, now = found.site, timezone.now()
    listed = sorted(found.premises.listed(site, kinds=KINDS), key=rank)
    if not listed:
        return render(request, "bookings/no_rooms.html", {"section": "bookings:reserve", "site": site})
    offer = availability.first_free_room(
        site=site,
        capacity=asked.seats or 1,
        length=OFFERED,
        user=request.user,
        now=now,
        equipment=asked.filters,
    )
    space, asked = resolved(listed, asked)
    monday = asked.day - timedelta(days=asked.day.weekday())
    week = availability.week(site=site, space=space, monday=monday, user=request.user, now=now)
    off = off_on(found, week, asked.day, now=now)
    plain, asked = asked, asked if off else with_hours(asked, week, now=now)
    customer, choice = found.payers.chosen.customer, room_page.Choice(space, None)
    if off is None:
        choice = choice_of(week, asked, user=request.user, customer=customer, now=now)
    page = room_page.build(
        week,
        asked,
        rooms=listed,
        choice=choice,
        offer=offer,
        now=now,
        payers=found.payers,
        off=off,
        plain=plain,
    )
    said = {"section": "bookings:reserve", "page": page, "site": site, "sites": found.sites, **refusal}
    template = "bookings/_rooms_partly.html" if is_partly(request) else "bookings/rooms.html"
    return finished(render(request, template, said, status=refusal.get("status", 200)))


def off_on(found: Where, week: Week, day: date, *, now: datetime) -> DayOff | None:
    """Why the room cannot be booked on the day asked for."""
    column = next(each for each in week.days if each.day == day)
    return availability.day_off(
        rules=found.rules,
        day=day,
        now=now,
        is_open=bool(column.opening),
        reason=column.reason,
        space=week.space,
    )


def with_hours(asked: AskedRoom, week: Week, *, now: datetime) -> AskedRoom:
    """The hours asked for; where none are, the next full hour that is free that day."""
    if asked.start is not None and asked.end is not None:
        return asked
    column = next(each for each in week.days if each.day == asked.day)
    span = next(free_hours(column, week, now=now), None)
    return replace(asked, start=span.start.time(), end=span.end.time()) if span else asked


def rank(room: Space) -> tuple[bool, int, int]:
    """The order of the rooms: booths last, joined rooms after their parts, then their own order."""
    return (room.kind == Space.Kind.BOOTH, len(atoms_of(room)), room.position)


def resolved(listed: Sequence[Space], asked: AskedRoom) -> tuple[Space, AskedRoom]:
    """The room asked for; where none is, the first that fits. An unknown one is a 404."""
    if asked.room:
        space = next((room for room in listed if room.code == asked.room), None)
        if space is None:
            raise Http404
        return space, asked
    fitting = [room for room in listed if room_page.fits(room, asked)]
    space = (fitting or list(listed))[0]
    return space, replace(asked, room=space.code)


def choice_of(
    week: Week, asked: AskedRoom, *, user: Any, customer: Customer | None, now: datetime
) -> room_page.Choice:
    """The hours asked for with their price, or why they cannot be had."""
    if asked.start is None or asked.end is None:
        return room_page.Choice(week.space, None)
    try:
        period = period_of(asked, week.site)
        price = prices.price_for(space=week.space, period=period, user=user, customer=customer, now=now)
    except Refused as refused:
        return room_page.Choice(week.space, None, problem=str(refused))
    blocks = [block.period for day in week.days for block in day.blocks]
    problem = _("Ce créneau n’est pas libre.") if any(period.overlaps(each) for each in blocks) else ""
    return room_page.Choice(week.space, period, price=price, problem=problem)


def period_of(asked: AskedRoom, site: Site) -> Period:
    """The period of the two clock times; an end at midnight is the next day's. Backwards is refused."""
    if asked.start is None or asked.end is None:
        raise Http404
    last = asked.day + timedelta(days=1) if asked.end == time(0) else asked.day
    return Period(asked_at(asked.day, asked.start, site.zone), asked_at(last, asked.end, site.zone))


def book(asked: AskedRoom, found: Where, *, by: User, start_requested: bool) -> Booking:
    """Book the room for the hours asked for, in the name that is chosen."""
    site = found.site
    space = get_object_or_404(site.spaces.active(), kind__in=KINDS, code=asked.room)
    customer = found.payers.chosen.customer_of(by)
    return booking_service.book_space(
        space=space,
        period=period_of(asked, site),
        customer=customer,
        by=by,
        now=timezone.now(),
        on_terms=customer.has_terms,
        start_requested=start_requested,
    )


def has_changed(request: PageRequest, asked: AskedRoom) -> bool:
    """Whether hours or payer are not those whose price was shown: the page then shows theirs first."""
    seen = f"{request.POST.get('de', '')}-{request.POST.get('a', '')}"
    other_payer = payers.has_changed(request.POST)
    return "voir" in request.POST or request.POST.get("vu") != seen or other_payer


def refusal_of(refused: Refused, asked: AskedRoom) -> dict[str, Any]:
    """What the page says of a refusal, with the other rooms that are free then."""
    near = refused.alternatives if isinstance(refused, AlreadyTaken) else ()
    missing = isinstance(refused, StartNotRequested)
    links = [{"number": room.short, "href": asked.href(room=room.code)} for room in near]
    return {
        "refused": refused,
        "told": str(refused),
        "near": links,
        "status": refused.status,
        "start_missing": missing,
    }
