"""Registering: window, limit, price, seats or a place in the waiting list, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.customers import contact_for, customer_for
from billing.models import Customer
from billing.money import ZERO
from events import rights
from events.errors import Full, MembersOnly, MissingAnswer, NotOpen, NotSold, TooManySeats
from events.models import Answer, Event, Question, Registration, TicketType
from events.services import selling, telling
from events.services.freeing import expire_in_the_way
from events.services.seats import fits, lock_event, take_seats, write_places
from events.services.waiting import confirm, serve
from members.formats import day, hour, known
from members.models import User
from members.transactions import own_transaction

HOLD = timedelta(minutes=15)
ANSWER_LENGTH = 500


@own_transaction
def register(
    *,
    event: Event,
    ticket: TicketType,
    name: str,
    email: str,
    language: str,
    now: datetime,
    user: User | None = None,
    seats: int = 1,
    names: Sequence[str] = (),
    answers: Mapping[int, str] | None = None,
    price: Decimal | None = None,
    wants_reminder: bool = True,
    form_token: str = "",
) -> Registration:
    """Register for an event: confirmed at once if nothing is to pay, held for payment, or waiting.

    The price is computed here; `price` is what someone gives for an open one, for one seat. A form sent twice
    (`form_token`) registers once. Raises an `EventRefused` (closed, full without a waiting list, too many
    seats…); nothing is written then. What an address had before is said in its letter, never on a page.
    """
    customer = _payer(user, name=name, email=email, language=language)
    expire_in_the_way(event, now=now)
    found = lock_event(event)
    sent, form_token = sent_before(found, form_token, name=name, email=email)
    if sent is not None:
        return sent
    chosen = found.tickets.get(pk=ticket.pk)
    member = user is not None and rights.is_member(user, now)
    _check_open(found, chosen, user, now)
    _check_limit(chosen, customer, seats)
    registration = Registration(
        event=found,
        ticket=chosen,
        customer=customer,
        user=user,
        name=name,
        email=email,
        language=known(language),
        seats=seats,
        unit_price=selling.unit_price(chosen, member=member, offered=price),
        wants_reminder=wants_reminder,
        form_token=form_token,
        created_at=now,
    )
    _seat(registration, now=now)
    write_places(registration, names)
    _write_answers(registration, answers or {})
    if registration.state == Registration.State.HELD and registration.total == ZERO:
        confirm(registration, now=now)
    return registration


def sent_before(event: Event, form_token: str, *, name: str, email: str) -> tuple[Registration | None, str]:
    """Step: what this form registered the same person for before, and the token a new registration keeps.

    The page that was come back to and filled in for someone else registers them, without its token.
    """
    sent = event.registrations.filter(form_token=form_token).first() if form_token else None
    if sent is not None and (sent.email, sent.name) == (email, name):
        return sent, form_token
    return None, "" if sent is not None else form_token


def _payer(user: User | None, *, name: str, email: str, language: str) -> Customer:
    """Step: who registers as a customer, locked: what they have already is counted."""
    if user is None:
        return contact_for(email=email, name=name, language=known(language))
    customer = customer_for(user)
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)


def _check_open(event: Event, ticket: TicketType, user: User | None, now: datetime) -> None:
    if event.state != Event.State.PUBLISHED or not ticket.is_active or event.is_planned(now):
        raise NotOpen
    if event.audience == Event.Audience.MEMBERS and (
        user is None or not rights.reads_members_events(user, now)
    ):
        raise MembersOnly
    if not ticket.has_opened(now) and ticket.opens_at is not None:
        local, language = ticket.opens_at.astimezone(event.site.zone), get_language() or "fr"
        said = {"day": day(local.date(), language), "hour": hour(local, language)}
        raise NotOpen(_("Les inscriptions ouvrent le %(day)s à %(hour)s.") % said)
    if ticket.has_closed(now, event.starts_at):
        raise NotOpen


def _check_limit(ticket: TicketType, customer: Customer, seats: int) -> None:
    held = customer.registrations.standing().filter(ticket=ticket)
    had = held.aggregate(total=Sum("seats"))["total"] or 0
    if seats < 1 or had + seats > ticket.limit:
        text = ngettext(
            "Une personne peut prendre %(count)s place.",
            "Une personne peut prendre %(count)s places.",
            ticket.limit,
        )
        # The same for everyone: a stranger must not learn who registered.
        instead = _("Si vous êtes déjà inscrit·e, le lien de vos places est dans le message reçu alors.")
        raise TooManySeats(text % {"count": ticket.limit}, instead=instead)


def _seat(registration: Registration, *, now: datetime) -> None:
    """Step: take the seats, or stand in line behind who waits for the same ones."""
    event, ticket = registration.event, registration.ticket
    queue = serve(event, now=now)
    ticket.refresh_from_db(fields=["seats_taken"])
    if queue.blocks(ticket) or not fits(event, ticket, registration.seats):
        _wait(registration, now=now)
        return
    take_seats(event, ticket, registration.seats)
    registration.state, registration.held_until = Registration.State.HELD, now + HOLD
    if registration.total > ZERO:
        if not selling.may_sell(event.site):
            raise NotSold
        selling.order_for(registration, expires_at=now + HOLD, now=now)
    registration.save()
    if registration.line is not None:
        telling.owe_held(registration, now=now)


def _wait(registration: Registration, *, now: datetime) -> None:
    event = registration.event
    too_many = event.capacity is not None and registration.seats > event.capacity
    if not event.has_waiting_list or too_many:
        raise Full
    registration.state, registration.queued_at = Registration.State.WAITING, now
    registration.save()
    telling.owe_waiting(registration)


def _write_answers(registration: Registration, answers: Mapping[int, str]) -> None:
    rows = []
    for question in registration.event.questions.filter(is_active=True):
        text = answers.get(question.pk, "").strip()[:ANSWER_LENGTH]
        if question.is_required and not text:
            raise MissingAnswer(
                _("Il manque une réponse à «\u202f%(question)s\u202f».") % {"question": question}
            )
        if text and question.kind == Question.Kind.CHOICE and text not in question.choices:
            raise MissingAnswer
        if text:
            rows.append(Answer(registration=registration, question=question, text=text))
    Answer.objects.bulk_create(rows)
