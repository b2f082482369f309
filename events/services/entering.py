"""Who comes without having registered: let in free or as a guest, or sold a seat at the door."""

from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q
from django.utils.translation import gettext as _

from billing.customers import contact_for, customer_for
from billing.models import Customer
from billing.money import ZERO
from billing.settlement.services import receive_at_desk
from events import rights
from events.errors import AlreadyHere, NotOpen, ToPay
from events.models import Attendance, Event, Registration, Seat, TicketType
from events.services import selling
from events.services.freeing import expire_in_the_way
from events.services.registering import HOLD, sent_before
from events.services.seats import lock_event, take_seats, write_places
from members.errors import NotAllowed
from members.formats import known
from members.models import User
from members.transactions import own_transaction, require_transaction

State = Registration.State


@own_transaction
def let_in(
    *,
    event: Event,
    ticket: TicketType,
    name: str,
    by: User,
    now: datetime,
    email: str = "",
    as_guest: bool = False,
    add_place: bool = False,
    form_token: str = "",
) -> Registration:
    """Let someone in who has not registered: one seat, confirmed, here; nothing is paid.

    A ticket that costs something is given only `as_guest`. A full event lets in one more only with
    `add_place`, which counts one place more from then on. A form sent twice (`form_token`) lets in once.
    Raises `Full`, `ToPay`, `NotOpen`; nothing is written then.
    """
    registration = _walk_in(
        event, ticket, name=name, email=email, form_token=form_token, add_place=add_place, now=now
    )
    if registration.pk is not None:
        return registration
    found, chosen = registration.event, registration.ticket
    if chosen.pricing == TicketType.Pricing.PAID and not as_guest:
        raise ToPay(
            _("Ce tarif se paie."),
            instead=_("Faites entrer cette personne comme invitée, ou demandez à l’équipe d’encaisser."),
        )
    take_seats(found, chosen, 1)
    registration.state, registration.confirmed_at = State.CONFIRMED, now
    registration.save()
    return _entered(registration, by=by, now=now)


@own_transaction
def sell_at_door(
    *,
    event: Event,
    ticket: TicketType,
    name: str,
    email: str,
    method: str,
    by: User,
    now: datetime,
    price: Decimal | None = None,
    add_place: bool = False,
    form_token: str = "",
) -> Registration:
    """Sell one seat to someone who has not registered: paid, invoiced and here, all or nothing.

    `method` is cash, terminal or cheque; `price` is what someone gives for an open one. An address that is
    known pays as who it is, a member at the member price. A form sent twice (`form_token`) sells once.
    Raises `NotAllowed` to who takes no money, `AlreadyHere` for the same person twice, `Full`, `NotOpen`,
    `NotSold`; nothing is written then.
    """
    if not rights.may_take_money(by, event):
        raise NotAllowed
    customer = _payer(event, name=name, email=email)
    registration = _walk_in(
        event, ticket, name=name, email=email, form_token=form_token, add_place=add_place, now=now
    )
    if registration.pk is not None:
        return registration
    found, chosen = registration.event, registration.ticket
    _refuse_twice(found, name=name, email=email)
    take_seats(found, chosen, 1)
    registration.customer, registration.user = customer, customer.user
    registration.unit_price = price_at_door(chosen, email=email, offered=price, now=now)
    registration.state, registration.held_until = State.HELD, now + HOLD
    if registration.total == ZERO:
        registration.state, registration.held_until, registration.confirmed_at = State.CONFIRMED, None, now
        registration.save()
        return _entered(registration, by=by, now=now)
    selling.order_for(registration, expires_at=now + HOLD, now=now)
    registration.save()
    _entered(registration, by=by, now=now)
    if registration.line is not None:
        receive_at_desk(registration.line.order, method=method, by=by, now=now)
    registration.refresh_from_db()
    return registration


def price_at_door(
    ticket: TicketType, *, email: str, now: datetime, offered: Decimal | None = None
) -> Decimal:
    """Euros for one seat sold to who has this address."""
    person = person_at(email)
    member = person is not None and rights.is_member(person, now)
    return selling.unit_price(ticket, member=member, offered=offered)


def person_at(email: str) -> User | None:
    """Who has an account with this address."""
    return User.objects.filter(email__iexact=email, is_active=True).first() if email else None


def expected_at(event: Event, email: str) -> Seat | None:
    """A seat of this event that was taken with this address and whose holder is not here yet."""
    if not email:
        return None
    seats = Seat.objects.filter(registration__event=event, registration__state__in=Registration.ACTIVE)
    return seats.filter(registration__email__iexact=email, attendance=None).order_by("pk").first()


def _payer(event: Event, *, name: str, email: str) -> Customer:
    """Step: the customer with this address, locked: a person with an account, or a contact."""
    person = person_at(email)
    if person is None:
        return contact_for(email=email, name=name, language=known(event.language))
    customer = customer_for(person)
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)


def _walk_in(
    event: Event,
    ticket: TicketType,
    *,
    name: str,
    email: str,
    form_token: str,
    add_place: bool,
    now: datetime,
) -> Registration:
    """Step: who comes unannounced, not written yet, their event locked; or what this form wrote before.

    The window of registration does not count here.
    """
    expire_in_the_way(event, now=now)
    found = lock_event(event)
    chosen = found.tickets.get(pk=ticket.pk)
    if not found.is_published or found.erased_at is not None:
        raise NotOpen
    sent, form_token = sent_before(found, form_token, name=name, email=email)
    if sent is not None:
        return sent
    if add_place:
        _add_place(found, chosen)
    return Registration(
        event=found,
        ticket=chosen,
        name=name,
        email=email,
        language=known(found.language),
        source=Registration.Source.WALK_IN,
        wants_reminder=False,
        form_token=form_token,
        created_at=now,
    )


def _refuse_twice(event: Event, *, name: str, email: str) -> None:
    """A second tap is no second person; someone else with the same address has another name."""
    here = Seat.objects.filter(registration__event=event, attendance__isnull=False)
    if here.filter(registration__email__iexact=email, name__iexact=name).exists():
        raise AlreadyHere


def _entered(registration: Registration, *, by: User, now: datetime) -> Registration:
    write_places(registration, ())
    Attendance.objects.create(seat=registration.places.get(), at=now, by=by)
    return registration


def _add_place(event: Event, ticket: TicketType) -> None:
    """Step: count one place more, of the event and of the ticket, where none is left; the event is locked."""
    require_transaction()
    one_more = F("seats_taken") + 1
    full = Q(capacity__lte=F("seats_taken"))
    Event.objects.filter(full, pk=event.pk).update(capacity=one_more)
    TicketType.objects.filter(Q(quota__lte=F("seats_taken")), pk=ticket.pk).update(quota=one_more)
    event.refresh_from_db(fields=["capacity", "seats_taken"])
