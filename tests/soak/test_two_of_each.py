"""Two webs and two workers on one database and one beat, one of each killed while people book and pay."""

import os
import random
import threading
from collections.abc import Iterator

import pytest

from tests.soak.load import Person, Seen
from tests.soak.second import Second, TwoWebs
from tests.soak.test_kills import PEOPLE, check_promises, say_books
from tests.soak.world import World

pytestmark = pytest.mark.soak
ROUND = 60 * min(float(os.environ.get("SOAK_MINUTES", "10")), 1) / 4
"""Seconds between two blows."""


@pytest.fixture
def two(world: World) -> Iterator[TwoWebs]:
    """The first ones under their supervisor, the second ones beside it."""
    if not world.app.lives():
        world.app.start()
    second = Second(world.app)
    try:
        for name in ("worker", "web"):
            second.start(name)
        yield TwoWebs(world.app, world.sessions, world.days, second=second)
    finally:
        second.stop()


def test_one_of_each_is_killed_and_the_others_go_on(two: TwoWebs) -> None:
    second, seen, over, pause = two.second, Seen(), threading.Event(), threading.Event()
    assert second is not None
    people = [Person(two, number, seen, over, random.Random(number)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    pause.wait(ROUND)
    for name in ("worker", "web"):
        second.kill(name)
    before = len(seen.booked)
    pause.wait(ROUND)
    served_alone = len(seen.booked) - before
    for name in ("worker", "web"):
        second.start(name)
    assert two.app.kill("worker")
    assert two.app.kill("web")
    pause.wait(ROUND)
    pause.wait(ROUND)
    over.set()
    for person in people:
        person.join(60)
    two.catch_up()
    assert seen.wrong == []
    assert served_alone > 0, "nobody booked while one of each was dead"
    check_promises(two, seen)
    money, letters = two.check_money(), two.check_messages()
    two.audit()
    two.say(
        f"two webs, two workers, one of each killed in turn: {len(seen.booked)} booked ({served_alone} while "
        f"half was left), {len(seen.paid)} paid, {len(seen.cancelled)} cancelled, {seen.broken} broken off"
    )
    say_books(two, money, letters)
