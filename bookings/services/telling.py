"""What is owed to the person of a booking, in the caller's transaction."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from billing.models import Customer, Document
from bookings.models import Booking
from bookings.period import at
from members.messages import owing
from members.models import User

REMINDER_AT = time(18)


def people_with(codename: str) -> QuerySet[User]:
    """Who has a right of this room, by their role or in person: they are told of what waits for it."""
    right = Permission.objects.filter(content_type__app_label="bookings", codename=codename)
    having = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(having, is_active=True).distinct().order_by("pk")


def recipient_of(booking: Booking) -> tuple[str, str] | None:
    """Address and language of who comes: the person, or for an organisation whoever of its people booked."""
    customer, by = booking.customer, booking.booked_by
    if customer is not None and customer.kind == Customer.Kind.USER and customer.user is not None:
        return customer.user.email, customer.user.language
    if by is not None and (
        customer is None or (customer.kind == Customer.Kind.ORGANISATION and not by.is_staff)
    ):
        return by.email, by.language
    return (customer.email, customer.language) if customer is not None else None


def reminder_time(booking: Booking) -> datetime:
    """The evening before, by the site's clocks."""
    zone = booking.site.zone
    day = booking.period.local(zone).start.date() - timedelta(days=1)
    return at(day, REMINDER_AT, zone)


def owe_confirmed(booking: Booking, document: Document | None, *, now: datetime) -> None:
    """Step: owe the confirmation with calendar entry and invoice, and the reminder if that is ahead."""
    files = [f"ics:booking:{booking.pk}", *([f"document:{document.pk}"] if document else [])]
    _owe(booking, "confirmed", attachments=files)
    owe_reminder(booking, now=now)


def owe_reminder(booking: Booking, *, now: datetime) -> None:
    """Step: owe the reminder of the eve, if that is ahead."""
    due = reminder_time(booking)
    if due > now:
        start = booking.period.utc.start.isoformat()
        _owe(booking, "reminder", due_at=due, start=start)


def owe_moved(booking: Booking) -> None:
    """Step: owe the news of another place at the same time; the reminder owed before reads the new one."""
    _owe(booking, "moved", attachments=[f"ics:booking:{booking.pk}"], version=str(booking.sequence))


def owe_cancelled(booking: Booking) -> None:
    """Step: owe the cancellation, with an entry that takes it out of the calendar."""
    _owe(booking, "cancelled", attachments=[f"ics:booking:{booking.pk}"])


def owe_taken(booking: Booking) -> None:
    """Step: owe the news that a late payment found the place gone."""
    _owe(booking, "taken")


def owe_closed(booking: Booking, *, reason: str) -> None:
    """Step: owe the news that the house is shut that day."""
    _owe(booking, "closed", attachments=[f"ics:booking:{booking.pk}"], reason=reason)


def _owe(
    booking: Booking,
    what: str,
    *,
    attachments: list[str] | None = None,
    due_at: datetime | None = None,
    **said: str,
) -> None:
    found = recipient_of(booking)
    if found is None:
        return
    to, language = found
    owing.owe(
        owing.letter(
            to=to,
            language=language,
            template=f"bookings/{what}",
            key=f"booking-{what}:{booking.pk}:{booking.sequence}",
            due_at=due_at,
            attachments=attachments or [],
            booking=booking.pk,
            **said,
        )
    )
