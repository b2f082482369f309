"""Many at once, on real connections: nothing is oversold, nobody waits for a deadlock."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Customer, Order
from billing.settlement.expiry import expire_due
from bookings.errors import AlreadyTaken
from bookings.models import Occupancy, Space
from bookings.services.booking import book_space
from cantine.audit.report import CHECKS
from events.models import Event, Registration
from events.services.leaving import cancel_registration
from events.services.publishing import publish_event
from tests.events.test_registering import paid_event, sign_up
from tests.factories.billing import make_customer
from tests.factories.bookings import make_house, on
from tests.factories.events import make_category, make_event
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12
NOW = timezone.now()
DAY = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday() + 1)
PERIOD = on(DAY, time(14), time(16))
START = PERIOD.start


def race(jobs: Sequence[Callable[[], str]]) -> Counter[str]:
    """Run the jobs, each thread on a connection of its own."""
    barrier = Barrier(min(AT_ONCE, len(jobs)))
    started = iter(range(len(jobs)))

    def run(job: Callable[[], str]) -> str:
        try:
            if next(started) < barrier.parties:
                barrier.wait(timeout=10)
            return job()
        except AlreadyTaken:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, jobs))


def wanting(event: Event, number: int, **fields: object) -> Callable[[], str]:
    return lambda: sign_up(event, email=f"course{number}@cantine.example", **fields).state


def in_order(event: Event) -> bool:
    """Nobody waits who came before someone who was offered a seat from the list."""
    queue = list(
        event.registrations.filter(queued_at__isnull=False)
        .order_by("queued_at", "pk")
        .values_list("state", flat=True)
    )
    first_waiting = queue.index("waiting") if "waiting" in queue else len(queue)
    return all(state == "waiting" for state in queue[first_waiting:])


CROWD = pytest.mark.parametrize("people", [18, pytest.param(60, marks=pytest.mark.soak)])


@CROWD
def test_a_crowd_for_six_free_seats_seats_six_and_the_others_wait(people: int) -> None:
    event = make_event(capacity=6)
    found = race([wanting(event, number, now=timezone.now()) for number in range(people)])
    event.refresh_from_db()
    assert (found, event.seats_taken) == ({"confirmed": 6, "waiting": people - 6}, 6)


@CROWD
def test_a_crowd_for_six_paid_seats_while_holds_expire_and_people_leave(people: int) -> None:
    event = paid_event(capacity=6)
    found = race([wanting(event, number) for number in range(people)])
    assert found == {"held": 6, "waiting": people - 6}
    later = NOW + timedelta(minutes=16)
    leaving = list(Registration.objects.filter(state="waiting").order_by("pk")[:5])

    def ends() -> str:
        return f"ended {expire_due(later)}"

    def leaves(registration: Registration) -> Callable[[], str]:
        return lambda: cancel_registration(registration=registration, now=later).state

    jobs = [ends, ends, ends, *map(leaves, leaving), *[wanting(event, 100 + n, now=later) for n in range(12)]]
    race(jobs)
    expire_due(later)
    event.refresh_from_db()
    held = sum(each.seats for each in event.registrations.filter(state__in=["held", "confirmed"]))
    assert (event.seats_taken, held, event.tickets.get().seats_taken) == (6, 6, 6)
    assert in_order(event)
    orders = Order.objects.filter(state="open").values_list("lines__registration__state", flat=True)
    assert set(orders) == {"held"}


def test_an_event_and_a_booking_for_one_room_clash_both_ways() -> None:
    site = make_house(desks=0)
    volunteer = make_user(role="volunteer")
    room = Space.objects.select_related("site").get(site=site, code="a")
    payers = [make_customer(make_user(role=None)) for _each in range(6)]
    events = [make_event(site=site, by=volunteer, state="draft", starts_at=START) for _each in range(6)]

    def publishes(event: Event) -> Callable[[], str]:
        return lambda: publish_event(event=event, by=volunteer, now=NOW).state

    def books(customer: Customer) -> Callable[[], str]:
        by = customer.user
        assert by is not None
        return lambda: book_space(space=room, period=PERIOD, customer=customer, by=by, now=NOW).state

    found = race(
        [job for pair in zip(map(publishes, events), map(books, payers), strict=True) for job in pair]
    )
    assert found["published"] + found["held"] == 1
    assert (found["taken"], Occupancy.objects.count()) == (11, 1)
    assert Event.objects.filter(state="published").count() == found["published"]


def test_nothing_the_races_left_is_wrong_for_the_audit() -> None:
    event = paid_event(capacity=3, room=True)
    race([wanting(event, number) for number in range(12)])
    later = NOW + timedelta(minutes=16)
    race([lambda: str(expire_due(later)), lambda: str(expire_due(later)), wanting(event, 50, now=later)])
    checks = [check for name, check in CHECKS if name[0] in "12"]
    assert [found for check in checks for found in check(later)] == []


def test_one_person_in_two_windows_gets_no_more_than_their_limit() -> None:
    make_category()
    event = make_event(ticket={"limit": 1})

    def twice() -> str:
        try:
            return sign_up(event, email="double@cantine.example").state
        except Exception as refused:
            return type(refused).__name__

    assert race([twice, twice, twice]) == {"confirmed": 1, "TooManySeats": 2}
