"""Many at once, on real connections: a place goes to one, nobody waits for a deadlock."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import time
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from billing.models import Customer, Document, Order
from billing.settlement.services import accept_on_terms
from bookings.errors import AlreadyTaken, NotActive, NothingFree
from bookings.models import Booking, Occupancy, Site, Space
from bookings.services import telling
from bookings.services.booking import _lock as lock_payer
from bookings.services.booking import book_any, book_space
from bookings.services.closing import close
from bookings.services.freeing import cancel_booking
from members.models import User
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, TOMORROW, make_confirmed, make_house, morning, on
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20
Payer = tuple[User, Customer]


def make_payers(number: int) -> list[Payer]:
    users = [make_user(role=None, password="") for _each in range(number)]
    return [(user, make_customer(user)) for user in users]


def race(jobs: Sequence[Callable[[], Booking]]) -> Counter[str]:
    """Run the jobs, each thread on a connection of its own; count bookings and refusals, the rest fails."""
    barrier = Barrier(min(AT_ONCE, len(jobs)))
    started = iter(range(len(jobs)))

    def run(job: Callable[[], Booking]) -> str:
        try:
            if next(started) < barrier.parties:
                barrier.wait(timeout=10)
            return job().state
        except AlreadyTaken as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, jobs))


def taking(space: Space, payer: Payer, **period: time) -> Callable[[], Booking]:
    when = on(TOMORROW, period.get("start", time(9)), period.get("end", time(13)))
    return lambda: book_space(space=space, period=when, customer=payer[1], by=payer[0], now=NOW)


@pytest.mark.parametrize("racers", [AT_ONCE, pytest.param(60, marks=pytest.mark.soak)])
def test_racers_for_one_desk_give_one_booking_and_refusals_to_all_others(racers: int) -> None:
    make_house(desks=4)
    desk = Space.objects.select_related("site").get(kind="desk", number=2)
    found = race([taking(desk, payer) for payer in make_payers(racers)])
    assert found == {"held": 1, AlreadyTaken.__name__: racers - 1}
    assert (Booking.objects.count(), Occupancy.objects.count(), Order.objects.count()) == (1, 1, 1)


def any_desk(site: Site, payer: Payer) -> Callable[[], Booking]:
    return lambda: book_any(site=site, kind="desk", period=morning(), customer=payer[1], by=payer[0], now=NOW)


@pytest.mark.parametrize(("desks", "racers"), [(8, AT_ONCE), pytest.param(24, 60, marks=pytest.mark.soak)])
def test_racers_for_any_of_the_desks_fill_each_once(desks: int, racers: int) -> None:
    site = make_house(desks=desks)
    found = race([any_desk(site, payer) for payer in make_payers(racers)])
    assert found == {"held": desks, NothingFree.__name__: racers - desks}
    assert Booking.objects.values("space").distinct().count() == Occupancy.objects.count() == desks


@pytest.mark.parametrize("times", [4, pytest.param(10, marks=pytest.mark.soak)])
def test_joined_rooms_and_their_halves_race_without_deadlock(times: int) -> None:
    make_house()
    rooms = {space.code: space for space in Space.objects.select_related("site").filter(kind="room")}
    jobs = [
        taking(rooms[code], payer, start=time(10), end=time(11))
        for code, payer in zip(("ab", "a", "b") * times, make_payers(3 * times), strict=True)
    ]
    found = race(jobs)
    taken = sorted(Booking.objects.values_list("space__code", flat=True))
    assert taken in (["ab"], ["a", "b"])
    assert found == {"held": len(taken), AlreadyTaken.__name__: 3 * times - len(taken)}
    assert Occupancy.objects.count() == 2


def test_racers_for_a_hold_whose_time_is_up_expire_it_once() -> None:
    make_house()
    desk = Space.objects.select_related("site").get(kind="desk", number=1)
    user, payer = make_payers(1)[0]
    first = book_space(space=desk, period=morning(), customer=payer, by=user, now=NOW)
    later = first.held_until
    assert later is not None
    jobs = [
        lambda by=by, customer=customer: book_space(
            space=desk, period=morning(), customer=customer, by=by, now=later
        )
        for by, customer in make_payers(10)
    ]
    assert race(jobs) == {"held": 1, AlreadyTaken.__name__: 9}
    first.refresh_from_db()
    assert first.state == "expired"


def test_an_invoice_is_issued_while_its_customer_books_something_else() -> None:
    make_house()
    user = make_user()
    payer = make_customer(user, terms_days=30)
    desk = Space.objects.select_related("site").get(kind="desk", number=1)
    first = book_space(space=desk, period=morning(), customer=payer, by=user, now=NOW)
    assert first.line is not None
    order = first.line.order

    def accept() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            accept_on_terms(order=order, by=user, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock_payer(payer, user)
        pool.submit(accept).result()
    assert order.documents.count() == 1


def test_closing_and_cancelling_at_once_never_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site = make_house(desks=2)
    bookings = [
        make_confirmed(space=Space.objects.select_related("site").get(kind="desk", number=number))
        for number in (1, 2)
    ]
    manager, told, owe_closed = make_user(role="manager"), [], telling.owe_closed
    jobs: list[Future[None]] = []

    def cancel() -> None:
        try:
            with suppress(NotActive):
                cancel_booking(booking=bookings[1], by=manager, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def tell_then_let_the_other_in(booking: Booking, *, reason: str) -> None:
            owe_closed(booking, reason=reason)
            told.append(booking.pk)
            if not jobs:
                jobs.append(pool.submit(cancel))
                Event().wait(0.5)  # time for it to take what locks it can

        monkeypatch.setattr(telling, "owe_closed", tell_then_let_the_other_in)
        close(site=site, period=on(TOMORROW, time(0), time(23)), reason="Travaux", by=manager, now=NOW)
        jobs[0].result()
    assert "deadlock" not in caplog.text
    assert told == [booking.pk for booking in bookings]
    assert Document.objects.filter(kind="credit_note").count() == 2
