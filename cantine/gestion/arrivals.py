"""Who is expected, who has come, and what is still to be paid at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.models import Order
from bookings.models import Booking, Space
from members.templatetags.formats import euros

TONES = ("pomme", "beurre", "pre", "seine", "cidre")


@dataclass(frozen=True)
class Arrival:
    """One row of the table."""

    booking: Booking
    start: datetime
    name: str
    note: str
    tone: str
    place: str
    paid_by: str
    to_pay: Decimal
    has_come: bool
    is_over: bool
    is_ready: bool = False

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = self.name.split() or ["–"]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()

    @property
    def is_expected(self) -> bool:
        """Not here yet, and may still come."""
        return not self.has_come and not self.is_over

    @property
    def is_room(self) -> bool:
        """Whether someone must make it ready."""
        return self.booking.space.kind in {Space.Kind.ROOM, Space.Kind.HALL}

    @property
    def is_to_prepare(self) -> bool:
        """A room somebody will come to, and that nobody has made ready."""
        return self.is_room and self.is_expected and not self.is_ready

    @property
    def state(self) -> tuple[str, str, str]:
        """Kind, words and icon of its pill."""
        if self.has_come:
            return "here", _("sur place"), ""
        if self.to_pay:
            return "due", _("à régler"), ""
        if self.is_over:
            return "off", _("sans pointage"), ""
        if self.is_room:
            return ("done", _("prête"), "") if self.is_ready else ("wait", _("à préparer"), "board")
        return "done", _("à venir"), "clock"


def arrivals(bookings: Sequence[Booking], *, zone: tzinfo, now: datetime) -> list[Arrival]:
    """Every booking of the day as a row, in order."""
    return [arrival(booking, zone=zone, now=now) for booking in bookings]


def arrival(booking: Booking, *, zone: tzinfo, now: datetime) -> Arrival:
    """One booking as a row."""
    name, note = names_of(booking)
    paid_by, to_pay = payment_of(booking)
    return Arrival(
        booking=booking,
        start=booking.during.lower.astimezone(zone),
        name=name,
        note=note,
        tone=TONES[booking.pk % len(TONES)],
        place=booking.space.label,
        paid_by=paid_by,
        to_pay=to_pay,
        has_come=hasattr(booking, "presence"),
        is_over=booking.during.upper <= now,
        is_ready=hasattr(booking, "preparation"),
    )


def names_of(booking: Booking) -> tuple[str, str]:
    """Who comes, and for whom or through whom."""
    customer, by = booking.customer, booking.booked_by
    if customer is None:
        return str(by or booking.get_purpose_display()), booking.note
    if customer.kind == customer.Kind.ORGANISATION and by is not None and not by.is_staff:
        return str(by), str(customer)
    return str(customer), booking.note or (customer.email if customer.name else "")


def payment_of(booking: Booking) -> tuple[str, Decimal]:
    """In words how it is paid, and what the desk has still to take."""
    order = booking.line.order if booking.line else None
    if order is None or booking.line is None:
        return _("inclus"), Decimal(0)
    if order.state == Order.State.OPEN:
        amount = booking.line.amount_incl
        return _("%(amount)s à régler") % {"amount": euros(amount)}, amount
    words = {
        Order.Means.CARD: _("carte en ligne"),
        Order.Means.TERMS: _("sur facture"),
        Order.Means.DESK: _("réglé sur place"),
        Order.Means.TRANSFER: _("réglé par virement"),
        Order.Means.FREE: _("rien à payer"),
    }
    return words.get(Order.Means(order.means), "–"), Decimal(0)
