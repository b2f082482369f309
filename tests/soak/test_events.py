"""Five hundred people for fifty paid seats over HTTP while holds run out: none oversold, list in order."""

import pytest

from bench.application import becomes_true
from tests.soak.test_races import race
from tests.soak.world import World

pytestmark = pytest.mark.soak
PEOPLE, SEATS, PAYING = 500, 50, 30
BEAT = 180
"""Seconds within which what ran out is passed on."""


def test_five_hundred_people_for_fifty_paid_seats(world: World) -> None:
    slug = world.app.ask("tests.soak.state", f"paid_event({SEATS})")
    wish = (f"/evenements/{slug}/inscription/", {"seats": "1", "reminder": "on"})
    found, took = race(world, [wish] * PEOPLE)
    assert found == {302: PEOPLE}

    def seats() -> dict[str, object]:
        told: dict[str, object] = world.app.ask("tests.soak.state", f"seats_of('{slug}')")
        return told

    first = seats()
    assert (first["taken"], first["states"]) == (SEATS, {"held": SEATS, "waiting": PEOPLE - SEATS})
    pay(world, world.app.ask("tests.soak.state", f"held_of('{slug}')")[:PAYING])
    assert world.app.ask("tests.soak.state", f"run_out('{slug}')") == SEATS - PAYING

    def passed_on() -> bool:
        return len(world.app.ask("tests.soak.state", f"offers_of('{slug}')")) == SEATS - PAYING

    assert becomes_true(passed_on, seconds=BEAT, every=5), seats()
    pay(world, world.app.ask("tests.soak.state", f"offers_of('{slug}')"))
    world.catch_up()
    last = seats()
    waiting = PEOPLE - SEATS - (SEATS - PAYING)
    assert last["states"] == {"confirmed": SEATS, "expired": SEATS - PAYING, "waiting": waiting}
    assert (last["taken"], last["in_order"]) == (SEATS, True)
    world.audit()
    world.check_money()
    world.say(f"{PEOPLE} for {SEATS} paid seats: {SEATS} sold, {waiting} wait in order, {took:.1f} s")


def pay(world: World, orders: list[tuple[int, str]]) -> None:
    """Each pays by card and comes back."""
    for person, order in orders:
        browser = world.browser(person)
        session = world.pay(browser, order)
        browser.get(world.return_address(order, session))
        browser.close()
