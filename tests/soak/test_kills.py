"""Programs killed with -9 while people book, pay and cancel: nothing is lost, nothing happens twice."""

import os
import random
import threading
from collections import Counter, deque
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest

from bench.application import becomes_true
from tests.soak.house import House
from tests.soak.load import BROKEN, Person, Seen
from tests.soak.world import World

pytestmark = pytest.mark.soak
MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
PEOPLE = 24
# The supervisor gives up on a program that dies more than five times in a minute: kills stay below. The web
# server takes seconds to come back: killed more often, there would be no load.
MOST_A_MINUTE = {"worker": 3, "valkey": 3, "postgres": 3, "web": 1, "beat": 2}
Facts = dict[str, dict[str, Any]]


@pytest.mark.parametrize("victim", ["worker", "valkey", "postgres"])
def test_killed_in_the_middle_of_paying_nothing_is_lost(world: World, victim: str) -> None:
    """The money has left; the way back and the webhook meet a dead program, and all ends well."""
    browser = world.browser(600 + len(victim))
    day = world.days[10]
    order = world.order_of(browser.post(*world.desk(day, "matin", "libre")))
    killer = threading.Timer(0.05, world.app.kill, [victim])
    killer.start()
    session = until_it_works(lambda: world.pay(browser, order))
    killer.join()
    world.app.kill(victim)
    back = until_it_works(lambda: come_back(world, order, session, browser.session))
    world.catch_up()
    facts: Facts = world.app.ask("tests.soak.state", f"orders(['{order}'])")
    assert back in {200, 302}
    assert facts[order]["state"] == "accepted"
    assert facts[order]["bookings"] == ["confirmed"]
    assert (facts[order]["invoices"], facts[order]["received"]) == (1, facts[order]["total"])
    world.check_money()
    world.check_messages()
    world.audit()
    world.say(f"{victim} killed twice while paying: paid once, invoiced once, told")


def until_it_works(what: Any, *, seconds: float = 60) -> Any:
    """Do as a person does when a page does not answer: try again, from where one was."""
    found: list[Any] = []

    def works() -> bool:
        try:
            found.append(what())
        except BROKEN:
            return False
        return True

    assert becomes_true(works, seconds=seconds, every=0.3)
    return found[0]


def come_back(world: World, order: str, session: str, key: str) -> int:
    """Return from the payment page."""
    browser = world.browser(world.sessions.index(key))
    status = browser.get(world.return_address(order, session)).status
    browser.close()
    if status >= 500:
        raise ConnectionError(status)
    return status


def test_random_kills_under_load_lose_nothing_and_do_nothing_twice(world: World) -> None:
    """Minutes of kills, at last of everything at once; then every promise made to anyone was kept."""
    seen, over = Seen(), threading.Event()
    people = [Person(world, number, seen, over, random.Random(number)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    house = House(world, seconds=MINUTES * 60)
    house.open()
    killed = kill_for(world, seconds=MINUTES * 60)
    world.app.kill_all()
    over.set()
    house.close()
    for person in people:
        person.join(60)
    world.app.start()
    world.catch_up()
    assert seen.wrong == []
    check_promises(world, seen)
    check_advances(world, house)
    house.check()
    money, letters = world.check_money(), world.check_messages()
    world.audit()
    kills = ", ".join(f"{name} {number}" for name, number in sorted(killed.items()))
    world.say(
        f"{MINUTES:g} minutes of kills ({kills}, all 1): {len(seen.booked)} booked, {seen.refused} refused, "
        f"{len(seen.paid)} paid, {len(seen.cancelled)} cancelled, {seen.broken} requests broken off"
    )
    say_books(world, money, letters)


def say_books(world: World, money: dict[str, list[int]], letters: Counter[str]) -> None:
    """Print what the books and the mailbox hold in the end."""
    received, back = money["received"], money["back"]
    sums = f"{received[0]} payments ({received[1] / 100:.2f} €), {back[0]} refunds ({back[1] / 100:.2f} €)"
    again = sum(letters.values()) - len(letters)
    world.say(f"{sums}, the same at the payment service")
    world.say(f"{len(letters)} messages, {again} came again under the same Message-ID; audit clean")


def kill_for(world: World, *, seconds: float) -> Counter[str]:
    """Kill one program after the other, at random, until the time is over."""
    chance, killed, pause = random.Random(), Counter[str](), threading.Event()
    recent: dict[str, deque[float]] = {name: deque() for name in MOST_A_MINUTE}
    end = monotonic() + seconds
    while monotonic() < end:
        pause.wait(chance.uniform(3, 10))
        name, now = chance.choice(list(MOST_A_MINUTE)), monotonic()
        while recent[name] and recent[name][0] < now - 60:
            recent[name].popleft()
        if len(recent[name]) < MOST_A_MINUTE[name] and world.app.kill(name):
            recent[name].append(now)
            killed[name] += 1
        assert world.app.lives(), world.app.log.read_text()[-3000:]
    return killed


def check_advances(world: World, house: House) -> None:
    """Each advance that was paid is invoiced once, or was given back."""
    paid = house.promised.paid
    facts: Facts = world.app.ask("tests.soak.state", f"orders({sorted(paid)!r})")
    assert set(facts) == paid
    for order, found in facts.items():
        assert Decimal(found["received"]) >= Decimal(found["total"]), (order, found)
        assert found["advances"] == (found["state"] == "accepted"), (order, found)
        if found["state"] != "accepted":
            assert found["back"] == found["received"], (order, found)


def check_promises(world: World, seen: Seen) -> None:
    """What people were told holds: booked is written, paid is accepted or given back, cancelled is off."""
    facts: Facts = world.app.ask("tests.soak.state", f"orders({sorted(seen.booked | seen.paid)!r})")
    assert set(facts) == seen.booked | seen.paid, "a booking that was acknowledged is gone"
    for order in seen.paid:
        found = facts[order]
        assert Decimal(found["received"]) >= Decimal(found["total"]), (order, found)
        if found["state"] == "accepted":
            assert found["invoices"] == 1, (order, found)
        else:
            assert found["back"] == found["received"], (order, found)
    for order in seen.cancelled:
        found = facts[order]
        assert found["bookings"] == ["cancelled"], (order, found)
        assert (found["credit_notes"], found["back"]) == (1, found["received"]), (order, found)
