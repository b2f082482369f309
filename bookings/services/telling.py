"""What is owed to the person of a booking, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Customer, Document
from bookings.models import Booking, Site, StaffSite
from bookings.period import at
from members import reach
from members.messages import owing
from members.models import User

REMINDER_AT = time(18)


def people_with(right: str, site: Site) -> QuerySet[User]:
    """Who has a right ("app.codename") and manages this site: they are told of what waits for it there."""
    app, _, codename = right.partition(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename)
    here = StaffSite.objects.of(site).filter(user=OuterRef("pk"), user__groups__name="manager")
    able = User.objects.filter(Exists(here), groups__permissions__in=found, is_active=True)
    return able.distinct().order_by("pk")


@dataclass(frozen=True)
class Answerer:
    """Where the news of something that waits at a site goes: to a person, or to the site's own address."""

    email: str
    language: str
    person: int | None = None

    @property
    def mark(self) -> str:
        """What tells them from each other in the key of a message: never an address, a key is kept."""
        return str(self.person or "site")

    @property
    def ids(self) -> dict[str, Any]:
        """Who it is, for what asks when the message goes out (`still_answers`)."""
        return {"user": self.person} if self.person else {}


def answerers(right: str, site: Site) -> list[Answerer]:
    """Who answers for a site; where nobody does, its own address."""
    people = [Answerer(each.email, each.language, each.pk) for each in people_with(right, site)]
    return people or ([Answerer(site.email, "fr")] if site.email else [])


def still_answers(ids: dict[str, Any], right: str, site: Site) -> bool:
    """Whether who a message was owed to still has that right; the address of the site is not asked."""
    if "user" not in ids:
        return True
    user = User.objects.filter(pk=ids["user"], is_active=True).first()
    return user is not None and user.has_perm(right) and reach.of(user).covers(site.pk)


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
