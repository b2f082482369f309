"""People who book, pay and cancel without end while programs are killed under them."""

import http.client
import random
import threading
from dataclasses import dataclass, field
from urllib.error import URLError

from bench.client import Browser
from tests.soak.world import AWAY, ORDER, World

BROKEN = (OSError, http.client.HTTPException, URLError)
HALVES = ("matin", "apres-midi")
LATER = 12
"""From which of the coming days on they book: those before are the races', in whatever order all is run."""


@dataclass
class Seen:
    """What people were told, whatever happened to the programs meanwhile."""

    booked: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    refused: int = 0
    broken: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Person(threading.Thread):
    """One of them: books any desk, mostly pays, sometimes cancels; tries again when the place is broken."""

    world: World
    number: int
    seen: Seen
    over: threading.Event
    chance: random.Random

    def __post_init__(self) -> None:
        super().__init__(name=f"person {self.number}", daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Live until it is over."""
        browser = self.world.browser(self.number)
        browser.timeout = 20
        while not self.over.wait(self.chance.uniform(0.05, 0.6)):
            try:
                self.once(browser)
            except BROKEN:
                self.seen.broken += 1
                browser.close()
                self.over.wait(0.5)
            except AssertionError as reason:
                self.seen.wrong.append(f"{self.name}: {reason}")
        browser.close()

    def once(self, browser: Browser) -> None:
        """Book; then pay and come back, or leave it."""
        order = self.book(browser)
        if order is None or self.chance.random() < 0.15:
            return
        session = self.world.pay(browser, order)
        self.seen.paid.add(order)
        if self.chance.random() < 0.25:
            return  # closes the window: the webhook tells
        back = browser.get(self.world.return_address(order, session))
        if back.status == 302 and self.chance.random() < 0.4:
            self.cancel(browser, order, back.where)

    def book(self, browser: Browser) -> str | None:
        """Book any desk on any coming day; None when refused, or when the place is broken."""
        day, half = self.chance.choice(self.world.days[LATER:]), self.chance.choice(HALVES)
        answer = browser.post(*self.world.desk(day, half, "libre"))
        if answer.status == 302:
            found = ORDER.fullmatch(answer.where)
            assert found, answer.where
            self.seen.booked.add(found[1])
            return found[1]
        if answer.status == 409:
            self.seen.refused += 1
        else:
            assert answer.status in AWAY, answer.status
            self.seen.broken += 1
        return None

    def cancel(self, browser: Browser, order: str, page: str) -> None:
        """Cancel what was paid."""
        answer = browser.post(f"{page}annuler/", {})
        if answer.status == 302:
            self.seen.cancelled.add(order)
        else:
            assert answer.status in AWAY | {409}, answer.status
