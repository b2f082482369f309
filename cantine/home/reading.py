"""Fills « Aujourd'hui » for one person from the rooms below."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.models import Customer, Document
from bookings.entrance import may_enter
from bookings.models import Booking, Site, Space
from bookings.plan.locator import locate
from cantine.home.around import around
from cantine.home.programme import next_events
from cantine.home.today import NextBooking, Owed, Step, Today
from cantine.home.usual import free_desks, gauges_of, usual_of
from cantine.home.visitor import price_rows, whole_day
from members.models import User
from members.services.consenting import latest_consent, must_agree, rules_in_force

SOON = timedelta(hours=3)


def today_of(user: User, now: datetime) -> Today:
    """Everything the page shows to `user`: the next place that is theirs, what they owe, or how to begin."""
    own = Booking.objects.coming(user)
    booking = own.upcoming(now).confirmed().select_related("site", "space__floor", "presence").first()
    site = booking.site if booking else Site.objects.open().first()
    day = now.astimezone(site.zone).date() if site else timezone.localdate(now)
    comes = booking is not None or own.exists()
    rules = rules_in_force(day, get_language() or "fr")
    asks = must_agree(user, rules)
    shown = Today(
        day=day,
        booking=ticket_of(booking, now) if booking else None,
        held=held_by(user, now),
        owed=owed_by(user),
        events=next_events(user, now),
        steps=[] if comes else first_steps(user, rules_agreed=rules is None or not asks),
        rules=asked_about(user) if asks and comes else "",
    )
    return shown if site is None else replace(shown, **offered(user, site, now), **around(user, site, now))


def offered(user: User, site: Site, now: datetime) -> dict[str, Any]:
    """What can be booked: free desks, the usual one in one tap, and the prices this person pays."""
    gauges = gauges_of(site, now=now)
    period = whole_day(site, now)
    is_over = period is not None and period.end <= now
    free_today, free_tomorrow = free_desks(gauges)
    ahead = next((each for each in gauges[is_over:] if each.is_open), None)
    return {
        "reserve_href": (
            reverse("bookings:desks", args=[site.code, ahead.day])
            if ahead
            else reverse("bookings:reserve_at", args=[site.code])
        ),
        "report_href": reverse("bookings:report", args=[site.code]),
        "free_today": None if is_over else free_today,
        "free_tomorrow": free_tomorrow,
        "free_ahead": ahead,
        "usual": usual_of(user, site, gauges, now=now),
        "card": price_rows(site, gauges[0].day, user),
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
        arrive_url=arrive_url(booking, now),
        is_today=period.start.date() == now.astimezone(site.zone).date(),
        soon=soon(period.start, period.end, now),
        detail=site.place or site.name,
        door=site.door or _("Code de la porte"),
        door_code=site.door_code if enters else "",
        wifi_name=site.wifi_name if enters else "",
        wifi_password=site.wifi_password if enters else "",
        locator=locate(booking.space, Space.objects.active().filter(floor=booking.space.floor_id)),
    )


def arrive_url(booking: Booking, now: datetime) -> str:
    """Where one says that one has come: on the day itself, once."""
    zone = booking.site.zone
    is_today = booking.period.local(zone).start.date() == now.astimezone(zone).date()
    if not is_today or hasattr(booking, "presence"):
        return ""
    return reverse("bookings:arrive", args=[booking.reference])


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


def held_by(user: User, now: datetime) -> Owed | None:
    """The place that waits for this person's payment, and until when; the one that ends first."""
    held = Booking.objects.coming(user).filter(
        state=Booking.State.HELD, held_until__gt=now, line__isnull=False
    )
    booking = held.select_related("site", "space", "line__order").order_by("held_until").first()
    if booking is None or booking.line is None or booking.held_until is None:
        return None
    return Owed(
        amount=booking.line.amount_incl,
        what=booking.space.label,
        href=reverse("billing:pay", args=[booking.line.order.public_id]),
        until=booking.held_until.astimezone(booking.site.zone),
    )


def owed_by(user: User) -> Owed | None:
    """What is open on the invoices this person may pay, taken together; one alone is paid at once."""
    own = Document.objects.filter(customer__in=Customer.objects.payable_by(user)).unpaid()
    unpaid = list(own.values_list("owed", "number", "seller__code"))  # type: ignore[misc]  # unpaid() annotates `owed`
    if not unpaid:
        return None
    said = {"n": len(unpaid), "number": unpaid[0][1]}
    _owed, number, seller = unpaid[0]
    alone = len(unpaid) == 1
    return Owed(
        amount=sum((owed for owed, _number, _seller in unpaid), start=Decimal(0)),
        what=ngettext("facture %(number)s", "%(n)s factures", len(unpaid)) % said,
        href=reverse("billing:settle", args=[seller, number]) if alone else reverse("billing:documents"),
    )


def first_steps(user: User, *, rules_agreed: bool) -> list[Step]:
    """How to begin: who one is, how one lives together here, a first place."""
    return [
        Step(
            title=_("Vous présenter"),
            note=_("votre nom, pour qu’on vous accueille"),
            href="" if user.name else reverse("members:me"),
            is_done=bool(user.name),
        ),
        Step(
            title=_("Lire le règlement intérieur"),
            note=_("deux minutes, et c’est accepté"),
            href="" if rules_agreed else reverse("members:rules"),
            is_done=rules_agreed,
        ),
        Step(
            title=_("Réserver votre première place"),
            note=_("à la demi-journée ou à la journée"),
            href=reverse("bookings:reserve"),
        ),
    ]


def asked_about(user: User) -> str:
    """How someone who comes here is asked about the rules: of a change, or for the first time."""
    if latest_consent(user):
        return _("Le règlement intérieur a changé. Prenez deux minutes pour le relire.")
    return _("Prenez deux minutes pour lire le règlement intérieur de la Cantine.")
