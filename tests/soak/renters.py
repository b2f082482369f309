"""People who ask to rent, answer quotes and pay advances while programs are killed under them."""

import random
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.client import Browser
from tests.soak.load import BROKEN, LATER
from tests.soak.world import AWAY, ORDER, SITE, World

TOKEN = re.compile(rb'name="token" value="([^"]+)"')
VERSION = re.compile(rb"/devis/(\d+)/accepter/")
LETTER = re.compile(rb'href="(/courrier/\d+-[0-9a-f]{8}/)"')
PRIVATE = re.compile(rb"/louer/demande/[^/\s]+/")
PLACES = ("quai", "verger")
YES = {
    "name": "Maud Essai", "function": "gérante", "terms": "on", "start": "on", "legal_name": "Nuages bas",
    "address": "1, rue de l’Essai", "postcode": "76000", "city": "Rouen", "siren": "",
}  # fmt: skip


@dataclass
class Promised:
    """What who asks to rent was told, whatever happened to the programs meanwhile."""

    requests: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    told_no: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Renter(threading.Thread):
    """One of them: asks, waits for the quote, mostly accepts and pays; leaves it, or refuses, otherwise."""

    world: World
    number: int
    promised: Promised
    over: threading.Event
    chance: random.Random

    def __post_init__(self) -> None:
        super().__init__(name=f"renter {self.number}", daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Live until it is over."""
        browser, page, asked = Browser(self.world.app.port, timeout=20), "", 0
        while not self.over.wait(self.chance.uniform(0.1, 0.8)):
            try:
                if not page:
                    asked += 1
                    page = self.ask(browser, asked)
                elif self.answer(browser, page):
                    page = ""
            except BROKEN:
                browser.close()
                self.over.wait(0.5)
            except AssertionError as reason:
                self.promised.wrong.append(f"{self.name}: {reason}")
                page = ""
        browser.close()

    def ask(self, browser: Browser, time: int) -> str:
        """Send the form; gives the private page, or nothing when the place is broken."""
        token = TOKEN.search(browser.get(f"/{SITE}/louer/").body)
        if token is None:
            return ""
        form = {
            "day": self.chance.choice(self.world.days[LATER : LATER + 4]).isoformat(),
            "starts": "14:00", "ends": "18:00",
            "people": "10", "space": self.chance.choice(PLACES), "layout": "conseil", "buyer": "association",
            "purpose": "Une assemblée d’essai.", "name": "Maud Essai",
            "email": f"loue-{self.number}-{time}@cantine.example", "token": token[1].decode(),
        }  # fmt: skip
        answer = browser.post(f"/{SITE}/louer/", form)
        if answer.status == 302:
            page = self.read_link(browser, form["email"])
            if page:
                self.promised.requests.add(page.split("/")[3])
            return page
        # Who asked while it was broken and asks again may be told to wait: three times a minute an address.
        assert answer.status in AWAY | {429}, answer.status
        return ""

    def read_link(self, browser: Browser, email: str) -> str:
        """Wait for the message with the private link; nothing where it is all over before it came."""
        while not self.over.wait(0.5):
            letter = LETTER.search(browser.get(f"/courrier/?{urlencode({'a': email})}").body)
            link = PRIVATE.search(browser.get(letter[1].decode()).body) if letter else None
            if link is not None:
                return link[0].decode()
        return ""

    def answer(self, browser: Browser, page: str) -> bool:
        """Look whether a quote came, and answer it; true once there is nothing more to do."""
        read, key = browser.get(page), page.split("/")[3]
        assert read.status in AWAY | {200}, read.status
        version, wish = VERSION.search(read.body), self.chance.random()
        if version is None:
            return b"plus valable" in read.body or wish < 0.02
        at = f"{page}devis/{version[1].decode()}/"
        if wish < 0.1:
            return True  # never answers: it runs out
        if wish < 0.25:
            answer = browser.post(f"{at}refuser/", {"reason": "price"})
            if answer.status == 302:
                self.promised.refused.add(key)
            return answer.status not in AWAY
        answer = browser.post(f"{at}accepter/", YES)
        if answer.status == 409:
            self.promised.told_no += 1
        if answer.status != 302:
            assert answer.status in AWAY | {409}, answer.status
            return answer.status == 409 and self.chance.random() < 0.2
        self.promised.accepted.add(key)
        order = ORDER.fullmatch(answer.where)
        if order is not None and self.chance.random() < 0.9:
            session = self.world.pay(browser, order[1])
            self.promised.paid.add(order[1])
            browser.get(self.world.return_address(order[1], session))
        return True
