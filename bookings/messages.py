"""What the e-mails about bookings say: each load reads the booking as it is when the message goes out."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import calendars
from bookings.entrance import may_enter
from bookings.models import Booking
from bookings.services.outcome import outcome_of
from members.messages import attachments, kinds, topics

Context = dict[str, Any] | None


def load_confirmed(ids: dict[str, Any]) -> Context:
    """The place is sure; no longer said once it is called off."""
    context = told_of(ids, Booking.State.CONFIRMED)
    return context and {**context, "may_enter": may_enter(context["booking"], timezone.now())}


def load_moved(ids: dict[str, Any]) -> Context:
    """The house moved it; not said once it is called off, nor of a move that another one followed."""
    context = told_of(ids, Booking.State.CONFIRMED)
    if context is None:
        return None
    booking = context["booking"]
    if booking.displaced_from is None or ids.get("version") != str(booking.sequence):
        return None
    return {**context, "left": booking.displaced_from, "reason": booking.displaced_reason.rstrip(".")}


def load_reminder(ids: dict[str, Any]) -> Context:
    """The evening before, only if it is still booked for the day it was owed for."""
    context = told_of(ids, Booking.State.CONFIRMED)
    return (
        context if context and ids.get("start") in {None, context["period"].utc.start.isoformat()} else None
    )


def load_cancelled(ids: dict[str, Any]) -> Context:
    """It is called off, by the person or by the house."""
    return with_outcome(told_of(ids, Booking.State.CANCELLED))


def load_taken(ids: dict[str, Any]) -> Context:
    """The payment came after the hold was over and the place was gone; dropped if it was found after all."""
    return told_of(ids, Booking.State.EXPIRED, Booking.State.CANCELLED)


def load_closed(ids: dict[str, Any]) -> Context:
    """The house is shut that day and had to call the booking off."""
    context = with_outcome(told_of(ids, Booking.State.CANCELLED))
    return context and {**context, "reason": ids.get("reason", "")}


def with_outcome(context: Context) -> Context:
    """Add what is given back, and the credit note that says so."""
    if not context:
        return None
    outcome = outcome_of(context["booking"])
    note = outcome.credit_note
    link = settings.PUBLIC_URL + note.get_absolute_url() if note else ""
    return {**context, "outcome": outcome, "credit_note_link": link}


def told_of(ids: dict[str, Any], *states: str) -> Context:
    """What every message about a booking says; None when it is in none of `states`."""
    bookings = Booking.objects.select_related(
        "site", "space", "displaced_from", "booked_by", "customer", "line__order"
    )
    booking = bookings.filter(pk=ids["booking"], state__in=states).first()
    if booking is None:
        return None
    site, line = booking.site, booking.line
    period = booking.period.local(site.zone)
    return {
        "booking": booking,
        "site": site,
        "period": period,
        "first_name": booking.booked_by.first_name if booking.booked_by else "",
        "place": ", ".join(part for part in (site.place or site.name, site.door) if part),
        "facts": facts_of(booking),
        "amount": line.amount_incl if line else None,
        "start_requested": line is not None and line.order.start_requested_at is not None,
        "link": settings.PUBLIC_URL + reverse("bookings:booking", args=[booking.reference]),
        "cancel_link": settings.PUBLIC_URL + reverse("bookings:cancel", args=[booking.reference]),
        "book_link": settings.PUBLIC_URL + reverse("bookings:reserve"),
    }


def facts_of(booking: Booking) -> list[tuple[str, str]]:
    """The foot of the ticket; door and Wi-Fi stay on the booking's page, where only its owner reads them."""
    site = booking.site
    where = ", ".join(part for part in (site.place or site.name, site.door) if part)
    return [(_("Où"), where), (_("Réservation"), booking.reference)]


def register() -> None:
    """Declare every message of bookings and the calendar attachment; called from `apps.py:ready`."""
    kinds.register("bookings/confirmed", load_confirmed, label=gettext_lazy("confirmation de réservation"))
    kinds.register("bookings/moved", load_moved, label=gettext_lazy("réservation déplacée"))
    kinds.register(
        "bookings/reminder",
        load_reminder,
        label=gettext_lazy("rappel de la veille"),
        topic=topics.REMINDERS,
    )
    kinds.register("bookings/cancelled", load_cancelled, label=gettext_lazy("réservation annulée"))
    kinds.register("bookings/taken", load_taken, label=gettext_lazy("place prise entre-temps"))
    kinds.register("bookings/closed", load_closed, label=gettext_lazy("fermeture"))
    attachments.register("ics", calendars.attachment)
