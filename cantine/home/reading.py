"""Fills « Aujourd'hui » for one person from the rooms below."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Document
from bookings.entrance import may_enter
from bookings.models import Booking, Site, Space
from bookings.plan.locator import locate
from cantine.home.programme import next_events
from cantine.home.today import NextBooking, Owed, Step, Today
from cantine.home.usual import free_desks, gauges_of, usual_of
from cantine.home.visitor import price_rows
from members.models import User

SOON = timedelta(hours=3)


def today_of(user: User, now: datetime) -> Today:
    """Everything the page shows to `user`: the next place that is theirs, what they owe, or how to begin."""
    own = Booking.objects.visible_to(user)
    booking = own.upcoming(now).confirmed().select_related("site", "space__floor").first()
    site = booking.site if booking else Site.objects.open().first()
    shown = Today(
        day=now.astimezone(site.zone).date() if site else now.date(),
        booking=ticket_of(booking, now) if booking else None,
        owed=owed_by(user),
        events=next_events(user, now),
        steps=first_steps() if booking is None and not own.exists() else [],
    )
    return shown if site is None else replace(shown, **offered(user, site, now))


def offered(user: User, site: Site, now: datetime) -> dict[str, Any]:
    """What can be booked: free desks, the usual one in one tap, and the prices."""
    gauges = gauges_of(site, now=now)
    free_today, free_tomorrow = free_desks(gauges)
    return {
        "reserve_href": reverse("bookings:reserve_at", args=[site.code]),
        "free_today": free_today,
        "free_tomorrow": free_tomorrow,
        "usual": usual_of(user, site, gauges, now=now),
        "card": price_rows(site, gauges[0].day),
    }


def ticket_of(booking: Booking, now: datetime) -> NextBooking:
    """The ticket, in the site's time; how to get in from the day before only."""
    period = booking.period.local(booking.site.zone)
    site, enters = booking.site, may_enter(booking, now)
    return NextBooking(
        day=period.start.date(),
        start=period.start,
        end=period.end,
        name=booking.space.label,
        href=reverse("bookings:booking", args=[booking.reference]),
        is_today=period.start.date() == now.astimezone(site.zone).date(),
        soon=soon(period.start, period.end, now),
        detail=site.place or site.name,
        door=site.door or _("Code de la porte"),
        door_code=site.door_code if enters else "",
        wifi_name=site.wifi_name if enters else "",
        wifi_password=site.wifi_password if enters else "",
        locator=locate(booking.space, Space.objects.active().filter(floor=booking.space.floor_id)),
    )


def soon(start: datetime, end: datetime, now: datetime) -> str:
    """« dans 20 min », « en ce moment », or nothing when it is far."""
    if start <= now < end:
        return _("en ce moment")
    if not timedelta(0) < start - now <= SOON:
        return ""
    minutes = -(-int((start - now).total_seconds()) // 60)
    if minutes < 60:
        return _("dans %(n)s\u00a0min") % {"n": minutes}
    return _("dans %(n)s\u00a0h") % {"n": minutes // 60}


def owed_by(user: User) -> Owed | None:
    """What is open on this person's invoices, taken together."""
    invoices = Document.objects.visible_to(user).unpaid()
    unpaid = list(invoices.values_list("owed", "number"))  # type: ignore[misc]  # unpaid() annotates `owed`
    if not unpaid:
        return None
    said = {"n": len(unpaid), "number": unpaid[0][1]}
    return Owed(
        amount=sum((owed for owed, _number in unpaid), start=Decimal(0)),
        what=ngettext("facture %(number)s", "%(n)s factures", len(unpaid)) % said,
        href=reverse("billing:documents"),
    )


def first_steps() -> list[Step]:
    """How to begin."""
    return [
        Step(title=_("Créer votre compte"), is_done=True),
        Step(
            title=_("Réserver votre première place"),
            note=_("à la demi-journée ou à la journée"),
            href=reverse("bookings:reserve"),
        ),
        Step(
            title=_("Compléter votre adresse"),
            note=_("pour vos factures"),
            href=reverse("billing:address"),
        ),
    ]
