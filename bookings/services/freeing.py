"""Cancelling: what it costs, who is told, and the one way in which a place becomes free."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Order, OrderLine
from billing.money import ZERO, round2
from billing.orders.services import lock
from billing.settlement.services import give_up, reverse_line
from bookings.errors import HeldByEvent, HeldByRental, NotActive, TooLate
from bookings.models import Booking, RentalOption, Site
from bookings.period import at
from bookings.services import telling
from bookings.services.occupying import free
from bookings.services.shown import Terms
from members import reach
from members.errors import NotAllowed
from members.formats import day, hour
from members.models import User
from members.transactions import own_transaction, require_transaction


def free_until(booking: Booking) -> datetime:
    """Until when cancelling costs nothing: a desk the evening before, others hours before (site's rule).

    Who was moved by the house may leave freely until the start.
    """
    site, start = booking.site, booking.period.start
    if booking.displaced_at is not None:
        return start
    if booking.space.is_desk:
        eve = start.astimezone(site.zone).date() - timedelta(days=1)
        return at(eve, site.free_cancellation_time, site.zone)
    return start - timedelta(hours=site.free_cancellation_hours)


def cancellation_terms(booking: Booking, now: datetime) -> Terms:
    """What cancelling at `now` keeps and gives back, in euros including VAT; a hold costs nothing."""
    limit = free_until(booking)
    paid = _accepted_amount(booking)
    late = now > limit
    kept = round2(paid * booking.site.late_share / Decimal(100)) if late else ZERO
    return Terms(limit.astimezone(booking.site.zone), kept, paid - kept)


def _accepted_amount(booking: Booking) -> Decimal:
    line = booking.line
    return line.amount_incl if line is not None and line.state == OrderLine.State.FULFILLED else ZERO


def terms_sentence(booking: Booking, now: datetime) -> str:
    """The conditions of cancellation in one or two sentences, before paying."""
    limit = free_until(booking).astimezone(booking.site.zone)
    if now > limit:
        return late_sentence(booking.site)
    language = get_language() or "fr"
    said = {
        "day": day(limit.date(), language),
        "hour": hour(limit, language),
        "share": booking.site.late_share,
    }
    return (
        _("Annulation gratuite jusqu’au %(day)s à %(hour)s. Ensuite, %(share)s\u00a0%% du prix est gardé.")
        % said
    )


def late_sentence(site: Site) -> str:
    """What cancelling costs once it is no longer free."""
    words = _("L’annulation gratuite est passée\u00a0: si vous annulez, %(share)s\u00a0%% du prix est gardé.")
    return words % {"share": site.late_share}


@own_transaction
def cancel_booking(*, booking: Booking, by: User, now: datetime, waive: bool = False) -> Booking:
    """Cancel a booking: its places are free, credit note and refund follow the rule, its person is told.

    `waive`, for who runs the place, gives everything back whatever the hour, even once it has begun.
    """
    if waive and not reach.of(by).covers(booking.site_id):
        raise NotAllowed
    order = lock(booking.line.order) if booking.line is not None else None
    found = locked_booking(booking)
    if not found.is_active:
        raise NotActive
    _refuse_strangers(found, by)
    if found.purpose == Booking.Purpose.EVENT:
        raise HeldByEvent  # its event would go on without a room
    if found.purpose == Booking.Purpose.RENTAL and RentalOption.objects.filter(booking=found).exists():
        raise HeldByRental
    if found.period.start <= now and found.state == Booking.State.CONFIRMED and not waive:
        raise TooLate
    kept = ZERO if waive else cancellation_terms(found, now).kept
    return undo(found, order, kept=kept, by=by, now=now)


def undo(
    booking: Booking, order: Order | None, *, kept: Decimal, by: User | None, now: datetime, tell: bool = True
) -> Booking:
    """Step: take back a booking and what was ordered with it; order and booking are locked by the caller."""
    require_transaction()
    if order is not None and order.state == Order.State.OPEN:
        give_up(order, now=now)  # its lines call `call_off`, through the registry
        return locked_booking(booking)
    if booking.line is not None and order is not None and order.state == Order.State.ACCEPTED:
        reverse_line(line=booking.line, kept=kept, by=by, now=now)
    return call_off(booking, now=now, tell=tell)


def call_off(booking: Booking, *, now: datetime, tell: bool = True) -> Booking:
    """Step: the booking is cancelled, its places are free, its calendar entry has a new version."""
    require_transaction()
    was_confirmed = booking.state == Booking.State.CONFIRMED
    booking.state, booking.cancelled_at, booking.held_until = Booking.State.CANCELLED, now, None
    booking.sequence += 1
    booking.save(update_fields=["state", "cancelled_at", "held_until", "sequence"])
    free(booking)
    if tell and was_confirmed:
        telling.owe_cancelled(booking)
    return booking


def locked_booking(booking: Booking) -> Booking:
    """Step: take a booking's lock and read it anew, with what is said of it."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    joined = rows.select_related("site", "space__site", "customer__user", "booked_by", "line")
    return joined.get(pk=booking.pk)


def _refuse_strangers(booking: Booking, by: User) -> None:
    """Only who booked, who pays, or who runs the place may cancel."""
    if booking.booked_by_id == by.pk or reach.of(by).covers(booking.site_id):
        return
    if not Booking.objects.visible_to(by).filter(pk=booking.pk).exists():
        raise NotAllowed
