"""The waiting list: one an event, in order. An offer is a held seat with its own expiry."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from billing.money import ZERO
from events.errors import OfferOver
from events.models import Event, Registration, TicketType
from events.services import selling, telling
from events.services.seats import fits, lock_event, lock_registration, take_seats
from members.transactions import own_transaction, require_transaction

OFFER = timedelta(hours=24)
"""How long an offer is held; never past the end of registration."""


@dataclass
class Queue:
    """Who goes first: whether everyone must wait, or those who want these tickets."""

    everyone: bool = False
    tickets: set[int] = field(default_factory=set)

    def blocks(self, ticket: TicketType) -> bool:
        """Whether someone came before who waits for the same seats."""
        return self.everyone or ticket.pk in self.tickets


def serve(event: Event, *, now: datetime) -> Queue:
    """Step: offer free seats to who waits, in order; nobody passes someone who wants the same seats.

    The event is locked by the caller and its count is read. An offer is made only if it can be accepted: the
    event is on, its registration still open, and there is a way to pay what costs something.
    """
    require_transaction()
    if event.seats_left == 0:
        return Queue(everyone=True)  # nothing to give: five hundred rows need not be read, nor locked
    queue = Queue()
    for registration in _waiting(event):
        ticket = registration.ticket
        until = offered_until(event, ticket, now)
        if until is None or queue.blocks(ticket) or _never_fits(event, registration):
            continue
        if not _event_fits(event, registration):
            queue.everyone = True
            break
        if not fits(event, ticket, registration.seats):
            queue.tickets.add(ticket.pk)
            continue
        _offer(registration, until, now)
    return queue


def _waiting(event: Event) -> list[Registration]:
    """The list as it stands; two entries of one ticket share its row, so that its count is one."""
    tickets: dict[int, TicketType] = {}
    found = list(
        Registration.objects.filter(event=event)
        .waiting()
        .select_for_update(of=("self",), no_key=True)
        .select_related("ticket", "customer", "user")
    )
    for registration in found:
        registration.event = event
        registration.ticket = tickets.setdefault(registration.ticket_id, registration.ticket)
    return found


def _never_fits(event: Event, registration: Registration) -> bool:
    """Whether fewer seats are given out in all than this party wants: there were more when it came."""
    most = (event.capacity, registration.ticket.quota)
    return any(each is not None and each < registration.seats for each in most)


def _event_fits(event: Event, registration: Registration) -> bool:
    return event.seats_left is None or event.seats_left >= registration.seats


def offered_until(event: Event, ticket: TicketType, now: datetime) -> datetime | None:
    """Until when an offer made now could be accepted; None if it could not."""
    if event.state != Event.State.PUBLISHED or ticket.has_closed(now, event.starts_at):
        return None
    if not ticket.is_active:
        return None
    if ticket.pricing != TicketType.Pricing.FREE and not selling.may_sell(event.site):
        return None
    return min(now + OFFER, ticket.closes_at or event.starts_at, event.starts_at)


def _offer(registration: Registration, until: datetime, now: datetime) -> None:
    take_seats(registration.event, registration.ticket, registration.seats)
    registration.state, registration.held_until = Registration.State.HELD, until
    registration.offered_at = now
    if registration.total > ZERO:
        selling.order_for(registration, expires_at=until, now=now)
    registration.save(update_fields=["state", "held_until", "offered_at", "line", "refunded_until"])
    telling.owe_offer(registration)


@own_transaction
def accept_offer(*, registration: Registration, now: datetime) -> Registration:
    """Take the seats that were offered and cost nothing; those that cost something are accepted by paying.

    Raises `OfferOver` when someone else has them by now; accepting twice is accepting once.
    """
    event = lock_event(registration.event)
    found = lock_registration(registration)
    if found.state == Registration.State.CONFIRMED:
        return found
    if event.is_cancelled:
        raise OfferOver(instead=_("Cet événement est annulé."))
    if not found.is_offer or found.line_id is not None or (found.held_until and found.held_until <= now):
        raise OfferOver
    return confirm(found, now=now)


def confirm(registration: Registration, *, now: datetime) -> Registration:
    """Step: the seats are sure; event and row are locked by the caller. Of a paid one billing has it told."""
    require_transaction()
    registration.state, registration.held_until = Registration.State.CONFIRMED, None
    registration.confirmed_at = now
    registration.save(update_fields=["state", "held_until", "confirmed_at"])
    if registration.line_id is None:
        telling.owe_confirmed(registration, None, now=now)
    return registration
