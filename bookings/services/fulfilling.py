"""What billing asks of bookings: accept, expire, give up, prolong, describe a line of kind "booking"."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.fulfilment import Summary
from billing.models import Document, OrderLine
from bookings.errors import AlreadyTaken
from bookings.models import Booking
from bookings.models.booking import BookingQuerySet
from bookings.services import telling
from bookings.services.expiring import expire, expire_in_the_way
from bookings.services.freeing import call_off, terms_sentence
from bookings.services.occupying import occupy
from bookings.services.rules import atoms_of
from members.formats import day, hours

FIRST_HOUR = timedelta(hours=1)
"""How long after its start a place is kept for who pays on the spot (design §5)."""


class BookingLines:
    """The handler of lines of kind "booking" (billing/fulfilment.py); its steps run with the order locked."""

    def accept(self, line: OrderLine, *, now: datetime) -> bool:
        """Step: confirm the booking; one whose hold ran out takes its place back if that is still free."""
        booking = line.booking = _locked(line)  # `accepted_with` is told of it with the same line
        if booking.state == Booking.State.EXPIRED and not take_back(booking, now=now):
            telling.owe_taken(booking)
            return False
        if booking.state == Booking.State.CANCELLED:
            return False
        if booking.state != Booking.State.CONFIRMED:
            booking.state, booking.held_until, booking.confirmed_at = Booking.State.CONFIRMED, None, now
            booking.save(update_fields=["state", "held_until", "confirmed_at"])
        return True

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: datetime) -> bool:
        """Step: owe the confirmation, which carries the invoice."""
        telling.owe_confirmed(line.booking, document, now=now)
        return document is not None

    def expire(self, line: OrderLine, *, now: datetime) -> None:
        """Step: free the place; its time is up."""
        expire(_locked(line), now=now)

    def cancel(self, line: OrderLine, *, now: datetime) -> None:
        """Step: free the place; the order is given up."""
        booking = _locked(line)
        if booking.is_active:
            call_off(booking, now=now)

    def prolong(self, line: OrderLine, *, until: datetime) -> None:
        """Step: hold until then."""
        Booking.objects.filter(line=line, state=Booking.State.HELD).update(held_until=until)

    def summary(self, line: OrderLine) -> Summary:
        """Say what the line is on the pay page, with what cancelling would cost."""
        booking = _of(line)
        local = booking.period.local(booking.site.zone)
        language = get_language() or "fr"
        return Summary(
            when=f"{day(local.start.date(), language)}, {hours(local.start, local.end, language)}",
            title=booking.space.label,
            note=", ".join(part for part in (booking.site.place, booking.site.city) if part),
            cancellation=terms_sentence(booking, timezone.now()),
            change_url=_change_url(booking),
            hold_label=_("Poste gardé jusqu’à") if booking.space.is_desk else _("Salle gardée jusqu’à"),
            desk_until=booking.period.start + FIRST_HOUR if booking.site.desk_payment else None,
        )

    def page(self, line: OrderLine) -> str:
        """The booking's own page."""
        return reverse("bookings:booking", args=[_of(line).reference])


def _of(line: OrderLine) -> Booking:
    return _read().get(line=line)


def _locked(line: OrderLine) -> Booking:
    return _read().select_for_update(of=("self",), no_key=True).get(line=line)


def _read() -> BookingQuerySet:
    return Booking.objects.select_related("site", "space__site", "customer__user", "booked_by")


def take_back(booking: Booking, *, now: datetime) -> bool:
    """Step: insert the occupancies of an expired booking anew, if nobody else has its place."""
    if booking.period.end <= now:
        return False
    expire_in_the_way(atoms_of(booking.space), booking.period, now=now)
    try:
        with transaction.atomic():
            occupy(booking)
    except AlreadyTaken:
        return False
    return True


def _change_url(booking: Booking) -> str:
    local = booking.period.local(booking.site.zone)
    name = "bookings:desks" if booking.space.is_desk else "bookings:rooms"
    return reverse(name, args=[booking.site.code, local.start.date()])
