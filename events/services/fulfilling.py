"""What billing asks of events: accept, expire, give up, prolong, describe a line of kind "registration"."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.fulfilment import Summary
from billing.models import Document, OrderLine
from billing.payments.services import cards_are_offered
from events.errors import Full
from events.models import Event, Registration
from events.services import telling
from events.services.addressing import may_be_corrected
from events.services.freeing import call_off, expire
from events.services.leaving import refunded_until
from events.services.seats import fits, lock_event, lock_registration, take_seats
from events.services.telling import reminder_time
from events.services.waiting import confirm
from members.formats import day, hour, hours


class RegistrationLines:
    """The handler of lines of kind "registration"; its steps run with the order locked."""

    def accept(self, line: OrderLine, *, now: datetime) -> bool:
        """Step: confirm the seats; a hold that ran out takes them back if nobody has or waits for them."""
        registration = line.registration = _locked(line)
        if registration.state == Registration.State.CANCELLED:
            return False
        if registration.event.state != Event.State.PUBLISHED:
            return False
        if registration.state == Registration.State.EXPIRED and not _take_back(registration, now=now):
            telling.owe_gone(registration)
            return False
        if registration.state != Registration.State.CONFIRMED:
            confirm(registration, now=now)
        return True

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: datetime) -> bool:
        """Step: owe the tickets, which carry the invoice."""
        telling.owe_confirmed(line.registration, document, now=now)
        return document is not None

    def expire(self, line: OrderLine, *, now: datetime) -> None:
        """Step: free the seats; their time is up."""
        expire(_locked(line), now=now)

    def cancel(self, line: OrderLine, *, now: datetime) -> None:
        """Step: free the seats; the order is given up."""
        registration = _locked(line)
        if registration.is_active:
            call_off(registration, now=now)

    def prolong(self, line: OrderLine, *, until: datetime) -> None:
        """Step: hold until then."""
        Registration.objects.filter(line=line, state=Registration.State.HELD).update(held_until=until)

    def summary(self, line: OrderLine) -> Summary:
        """Say what the line is on the pay page, with what cancelling would cost."""
        registration = _of(line)
        event, language = registration.event, get_language() or "fr"
        local = event.local
        return Summary(
            when=f"{day(local.start.date(), language)}, {hours(local.start, local.end, language)}",
            title=event.title,
            note=", ".join(filter(None, (event.place_label, registration.ticket.name, registration.email))),
            cancellation=terms_sentence(event, refunded_until(registration), now=timezone.now()),
            change_url=registration.get_absolute_url(),
            address_url=_address_url(registration),
            hold_label=_("Place gardée jusqu’à"),
            desk_until=_desk_until(registration),
        )

    def page(self, line: OrderLine) -> str:
        """The registration's own page."""
        return _of(line).get_absolute_url()


def _address_url(registration: Registration) -> str:
    return reverse("events:address", args=[registration.key]) if may_be_corrected(registration) else ""


def _desk_until(registration: Registration) -> datetime | None:
    """Until when a seat waits for who pays on the spot: the evening before, else the hour it begins.

    Not for an address that nobody verified, nor for an offer while others wait for it, unless there is no
    other way to pay: seats would be kept by whoever has no mind to come.
    """
    event = registration.event
    if not event.site.desk_payment:
        return None
    if cards_are_offered() and (registration.user_id is None or registration.is_offer):
        return None
    if registration.is_offer:
        return registration.held_until
    evening = reminder_time(event)
    return evening if evening > timezone.now() else event.starts_at


def terms_sentence(event: Event, until: datetime, *, now: datetime) -> str:
    """The conditions of cancellation of a paid seat, before paying: `until` when all is given back."""
    if until <= now:
        return _("Une fois payée, la place n’est plus remboursée : le délai est passé.")
    limit, language = until.astimezone(event.site.zone), get_language() or "fr"
    said = {"day": day(limit.date(), language), "hour": hour(limit, language)}
    return _("Remboursé en entier jusqu’au %(day)s à %(hour)s. Ensuite, le prix est gardé.") % said


def _of(line: OrderLine) -> Registration:
    return Registration.objects.select_related("event__site", "event__space", "ticket", "line__order").get(
        line=line
    )


def _locked(line: OrderLine) -> Registration:
    """The event first, then the registration (events/services/seats.py)."""
    event = lock_event(Event.objects.get(registrations__line=line))
    registration = lock_registration(Registration.objects.get(line=line))
    registration.event = event
    return registration


def _take_back(registration: Registration, *, now: datetime) -> bool:
    """Step: take the seats of an expired registration anew, if they are free and nobody waits for them."""
    event, ticket = registration.event, registration.ticket
    if event.starts_at <= now or event.registrations.waiting().exists():
        return False
    if not fits(event, ticket, registration.seats):
        return False
    try:
        take_seats(event, ticket, registration.seats)
    except Full:
        return False
    return True
