"""On the day: who came, and who comes without having registered."""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from billing.money import ZERO
from events.errors import NotActive, NotComing, NotOpen, ToPay
from events.models import Attendance, Event, Registration, Seat, TicketType
from events.services.freeing import expire_in_the_way
from events.services.seats import lock_event, lock_registration, take_seats, write_places
from members.formats import known
from members.models import User
from members.transactions import own_transaction, require_transaction

State = Registration.State


def seats_of(event: Event) -> "QuerySet[Seat]":
    """The seats that someone may come for, by name; held ones too, to be told why they are not let in."""
    rows = Seat.objects.filter(registration__event=event, registration__state__in=Registration.ACTIVE)
    return rows.select_related("registration__ticket", "attendance__by").order_by(
        "registration__name", "registration", "position"
    )


def find_code(event: Event, typed: str) -> Seat | None:
    """The seat of a ticket: its code as it is said aloud, or the whole address its QR holds."""
    code = typed.strip().rstrip("/").rpartition("/")[2].upper()
    code = "".join(letter for letter in code if letter.isalnum())
    if not code:
        return None
    rows = Seat.objects.filter(registration__event=event, code=code)
    return rows.select_related("registration__ticket", "attendance__by").first()


def count(event: Event) -> dict[str, int]:
    """How many seats are sure, and how many of them are here."""
    sure = Seat.objects.filter(registration__event=event, registration__state=State.CONFIRMED)
    return sure.aggregate(expected=Count("pk"), here=Count("attendance"))


@own_transaction
def check_in(*, seat: Seat, by: User, now: datetime) -> tuple[Attendance, bool]:
    """Note that the holder of this ticket came; says whether it is the first time it was shown.

    Two doors at once make one row: the ticket has one attendance by constraint. Raises `NotComing` for a
    ticket that is no longer good, `ToPay` for one that was not paid; nothing is written then.
    """
    registration = lock_registration(seat.registration)
    if not registration.event.is_published or registration.erased_at is not None:
        raise NotActive
    if registration.state == State.HELD:
        raise ToPay if registration.line_id is not None else NotComing
    if registration.state != State.CONFIRMED:
        raise NotComing
    return Attendance.objects.select_related("by").get_or_create(seat=seat, defaults={"at": now, "by": by})


@own_transaction
def undo_check_in(*, seat: Seat) -> bool:
    """Take an arrival back; says whether there was one."""
    lock_registration(seat.registration)
    return bool(Attendance.objects.filter(seat=seat).delete()[0])


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
) -> Registration:
    """Let someone in who has not registered: one seat, confirmed, here.

    A ticket that costs something is given only `as_guest`: no money is taken at this door. A full event lets
    in one more only with `add_place`, which counts one place more from then on. Raises `Full`, `ToPay`,
    `NotOpen`; nothing is written then.
    """
    expire_in_the_way(event, now=now)
    found = lock_event(event)
    chosen = found.tickets.get(pk=ticket.pk)
    if not found.is_published or found.erased_at is not None:
        raise NotOpen
    if chosen.pricing == TicketType.Pricing.PAID and not as_guest:
        raise ToPay(
            _("Ce tarif se paie. Rien n’est encaissé sur cette page."),
            instead=_("Faites entrer cette personne comme invitée, ou par la vente au comptoir."),
        )
    if add_place:
        _add_place(found, chosen)
    take_seats(found, chosen, 1)
    registration = Registration.objects.create(
        event=found,
        ticket=chosen,
        name=name,
        email=email,
        language=known(found.language),
        unit_price=ZERO,
        state=State.CONFIRMED,
        source=Registration.Source.WALK_IN,
        wants_reminder=False,
        created_at=now,
        confirmed_at=now,
    )
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
