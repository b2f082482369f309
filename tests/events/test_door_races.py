"""Two doors at once, on real connections: a ticket counts once, a last place goes once."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from billing.models import Payment
from cantine.audit import events as audit
from events.errors import Full
from events.models import Attendance, Event, Seat
from events.services.attending import check_in
from events.services.entering import let_in, sell_at_door
from events.services.erasing import KEPT, erase_due
from events.services.thanking import thank_due, thanks_time
from members.errors import Refused
from members.models import Message, User
from tests.events.test_races import race
from tests.events.test_registering import paid_event
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def showing(seat: Seat, by: User) -> Callable[[], str]:
    return lambda: "first" if check_in(seat=seat, by=by, now=timezone.now())[1] else "again"


def entering(event: Event, by: User, number: int) -> Callable[[], str]:
    def run() -> str:
        try:
            let_in(event=event, ticket=event.tickets.get(), name=f"Essai {number}", by=by, now=timezone.now())
        except Full:
            return "full"
        return "in"

    return run


def test_one_ticket_at_two_doors_counts_once() -> None:
    doors = [make_user(role="volunteer"), make_user(role="manager")]
    seat = make_registration(make_event(by=doors[0])).places.get()
    found = race([showing(seat, doors[number % 2]) for number in range(10)])
    assert (found, Attendance.objects.count()) == ({"first": 1, "again": 9}, 1)


def test_ten_walk_ins_for_three_places_let_three_in() -> None:
    by = make_user(role="volunteer")
    event = make_event(by=by, capacity=3)
    found = race([entering(event, by, number) for number in range(10)])
    event.refresh_from_db()
    assert (found, event.seats_taken, Attendance.objects.count()) == ({"in": 3, "full": 7}, 3, 3)
    assert list(audit.seats_counted_wrong(NOW)) == []


def selling(event: Event, by: User, name: str) -> Callable[[], str]:
    def run() -> str:
        ticket, email = event.tickets.get(), f"{name.lower()}@cantine.example"
        try:
            sell_at_door(
                event=event, ticket=ticket, name=name, email=email, method="cash", by=by, now=timezone.now()
            )
        except Refused as refusal:
            return type(refusal).__name__
        return "sold"

    return run


def test_taps_at_once_sell_once_and_the_last_places_are_sold_once() -> None:
    by = make_user(role="manager")
    event = paid_event(by=by, capacity=3)
    assert race([selling(event, by, "Zoé") for _each in range(5)]) == {"sold": 1, "AlreadyHere": 4}
    found = race([selling(event, by, f"Essai{number}") for number in range(6)])
    event.refresh_from_db()
    assert (found, event.seats_taken, Payment.objects.count()) == ({"sold": 2, "Full": 4}, 3, 3)
    assert list(audit.seats_counted_wrong(NOW)) == []


def test_two_workers_thank_once_and_forget_once() -> None:
    by = make_user(role="volunteer")
    event = make_event(by=by)
    check_in(seat=make_registration(event).places.get(), by=by, now=event.starts_at)
    thanked = race([lambda: str(thank_due(thanks_time(event))) for _each in range(4)])
    assert (thanked["1"], Message.objects.filter(template="events/thanks").count()) == (1, 1)
    forgotten = race([lambda: str(erase_due(event.ends_at + KEPT)) for _each in range(4)])
    assert forgotten["1"] == 1
