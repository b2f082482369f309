"""Many at once, on real connections: a place goes to one, nobody waits for a deadlock."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from billing.models import Customer, Order
from bookings.errors import AlreadyTaken, NothingFree
from bookings.models import Booking, Occupancy, Site, Space
from bookings.services.booking import book_any, book_space
from members.models import User
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, TOMORROW, make_house, morning, on
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


@pytest.mark.parametrize("again", range(3))
def test_sixty_racers_for_one_desk_give_one_booking_and_fifty_nine_refusals(again: int) -> None:
    make_house(desks=4)
    desk = Space.objects.select_related("site").get(kind="desk", number=2)
    assert race([taking(desk, payer) for payer in make_payers(60)]) == {"held": 1, AlreadyTaken.__name__: 59}
    assert (Booking.objects.count(), Occupancy.objects.count(), Order.objects.count()) == (1, 1, 1)


def any_desk(site: Site, payer: Payer) -> Callable[[], Booking]:
    return lambda: book_any(site=site, kind="desk", period=morning(), customer=payer[1], by=payer[0], now=NOW)


def test_sixty_racers_for_any_of_24_desks_fill_each_once() -> None:
    site = make_house(desks=24)
    found = race([any_desk(site, payer) for payer in make_payers(60)])
    assert found == {"held": 24, NothingFree.__name__: 36}
    assert Booking.objects.values("space").distinct().count() == Occupancy.objects.count() == 24


@pytest.mark.parametrize("again", range(3))
def test_joined_rooms_and_their_halves_race_without_deadlock(again: int) -> None:
    make_house()
    rooms = {space.code: space for space in Space.objects.select_related("site").filter(kind="room")}
    jobs = [
        taking(rooms[code], payer, start=time(10), end=time(11))
        for code, payer in zip(("ab", "a", "b") * 10, make_payers(30), strict=True)
    ]
    found = race(jobs)
    taken = sorted(Booking.objects.values_list("space__code", flat=True))
    assert taken in (["ab"], ["a", "b"])
    assert found == {"held": len(taken), AlreadyTaken.__name__: 30 - len(taken)}
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
        for by, customer in make_payers(AT_ONCE)
    ]
    assert race(jobs) == {"held": 1, AlreadyTaken.__name__: AT_ONCE - 1}
    first.refresh_from_db()
    assert first.state == "expired"
