"""Hundreds of people at the same instant, over HTTP, on the application as `make run` starts it."""

from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

import pytest

from bench.client import Answer, at_once
from tests.soak.world import World

pytestmark = pytest.mark.soak
Wish = tuple[str, dict[str, str]]


def race(world: World, wishes: Sequence[Wish]) -> tuple[Counter[int], float]:
    """Each person posts a wish, all let go together; returns the statuses and how long it took."""
    browsers = [world.browser(person) for person in range(len(wishes))]

    def job(index: int) -> Callable[[], Answer]:
        return lambda: browsers[index].post(*wishes[index])

    began = monotonic()
    answers = at_once([job(index) for index in range(len(wishes))])
    took = monotonic() - began
    for browser in browsers:
        browser.close()
    return Counter(answer.status for answer in answers), took


def test_five_hundred_posts_for_one_desk_give_one_hold_and_499_polite_refusals(world: World) -> None:
    day = world.days[0]
    found, took = race(world, [world.desk(day, "matin", 7)] * 500)
    assert found == {302: 1, 409: 499}
    taken = world.app.ask("tests.soak.state", f"bookings_of('{day}', 'desk')")
    assert (taken["count"], len(taken["spaces"]), taken["atoms"]) == (1, 1, 1)
    world.audit()
    world.say(f"500 for one desk: 1 hold, 499 refusals, {took:.1f} s")


def test_two_hundred_for_any_of_24_desks_fill_each_once(world: World) -> None:
    day = world.days[1]
    found, took = race(world, [world.desk(day, "matin", "libre")] * 200)
    assert found == {302: 24, 409: 176}
    taken = world.app.ask("tests.soak.state", f"bookings_of('{day}', 'desk')")
    assert (taken["count"], len(set(taken["spaces"])), taken["atoms"]) == (24, 24, 24)
    world.audit()
    world.say(f"200 for 24 desks: 24 bookings, each its own desk, 176 refusals, {took:.1f} s")


@pytest.mark.parametrize("again", range(3))
def test_joined_rooms_and_their_halves_are_never_sold_twice(world: World, again: int) -> None:
    day = world.days[2 + again]
    rooms = ("verger", "pommier", "poirier") * 40
    found, took = race(world, [world.room(day, code, "10:00", "12:00") for code in rooms])
    taken = world.app.ask("tests.soak.state", f"bookings_of('{day}', 'room')")
    assert taken["spaces"] in (["verger"], ["poirier", "pommier"])
    assert taken["atoms"] == 2
    assert found == {302: taken["count"], 409: 120 - taken["count"]}
    world.audit()
    world.say(f"120 for two rooms and both joined: {' and '.join(taken['spaces'])}, {took:.1f} s")
