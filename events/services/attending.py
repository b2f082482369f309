"""On the day: who came, and who comes without having registered."""

from datetime import datetime

from django.db.models import Count, QuerySet

from events.errors import NotActive, NotComing, ToPay
from events.models import Attendance, Event, Registration, Seat
from events.services.seats import lock_registration
from members.models import User
from members.transactions import own_transaction

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
