"""What a long test does with the application: book, pay, cancel, look at what became of it."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from bench.application import Application, becomes_true
from bench.client import SECRET, Answer, Browser

SITE = "rouen"
GOOD = "4242424242424242"
# What is answered while a program or the database is away; everything else is a failure.
AWAY = frozenset({500, 502, 503})
ORDER = re.compile(r"/commandes/([a-z0-9]+)/payer/")
PATIENCE = 420
"""Seconds the worker has to catch up: a message that failed is tried again after one minute, then five."""
Json = dict[str, Any]


@dataclass
class Standin:
    """The payment stand-in that the application started: its control API, and Stripe's own."""

    base: str
    key: str

    def pay(self, session: str) -> bool:
        """Pay on its page without a browser."""
        said = self._ask(f"/_control/sessions/{session}/pay", {"card": GOOD, "agree": "yes"})
        return bool(said["result"] == "paid")

    def all(self, what: str) -> list[Json]:
        """Every object of a kind, page by page."""
        found: list[Json] = []
        while True:
            after = f"&starting_after={found[-1]['id']}" if found else ""
            page = self._ask(f"/v1/{what}?limit=100{after}")
            found += page["data"]
            if not page["has_more"]:
                return found

    def undelivered(self) -> dict[str, int]:
        """How many webhooks have not been taken yet."""
        found = self._ask("/_control/state")["deliveries"]
        return {"webhooks": sum(number for state, number in found.items() if state != "delivered")}

    def _ask(self, path: str, wanted: Json | None = None) -> Json:
        body = json.dumps(wanted).encode() if wanted is not None else None
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is not None:
            headers["Content-Type"] = "application/json"  # a GET that says so has its query ignored
        request = Request(self.base + path, data=body, headers=headers)
        with build_opener(ProxyHandler({})).open(request, timeout=30) as response:
            answer: Json = json.load(response)
        return answer


@dataclass
class World:
    """The running application and everyone in it."""

    app: Application
    sessions: list[str]
    days: list[date]
    figures: list[str] = field(default_factory=list)
    patience: float = 300

    @property
    def standin(self) -> Standin:
        """Where money is paid; on the same port over all its lives."""
        return Standin(self.app.told["STRIPE_API_BASE"], self.app.told["STRIPE_SECRET_KEY"])

    def browser(self, person: int) -> Browser:
        """A connection of one of the people."""
        return Browser(self.app.port, self.sessions[person % len(self.sessions)], timeout=self.patience)

    def desk(self, day: date, half: str, number: int | str) -> tuple[str, dict[str, str]]:
        """Address and form that book a desk; « libre » for any."""
        return f"/{SITE}/reserver/{day}/", {"moment": half, "poste": str(number)}

    def room(self, day: date, code: str, start: str, end: str) -> tuple[str, dict[str, str]]:
        """Address and form that book a room."""
        return f"/{SITE}/salles/{day}/", {"salle": code, "de": start, "a": end, "vu": f"{start}-{end}"}

    def pay(self, browser: Browser, order: str) -> str:
        """From the pay page to the payment page, pay there; returns the session's id, not yet come back."""
        page = browser.get(f"/commandes/{order}/payer/")
        answer = browser.post(
            f"/commandes/{order}/payer/", {"means": "card", "start": "on"}, token=page.token() or SECRET
        )
        if answer.status in AWAY:
            raise ConnectionError(answer.status)
        assert answer.status == 302, answer.status
        session = answer.where.rpartition("/")[2].partition("?")[0]
        assert self.standin.pay(session)
        return session

    def return_address(self, order: str, session: str) -> str:
        """Where the payment page sends people back to."""
        return f"/commandes/{order}/retour/?session={session}"

    def order_of(self, answer: Answer) -> str:
        """The order that a booking's redirect leads to."""
        found = ORDER.fullmatch(answer.where)
        assert found, answer.where
        return found[1]

    # what became of it
    def catch_up(self) -> None:
        """Wait until every webhook came and the worker has nothing left to do; else say what is left."""
        left: Json = {}

        def done() -> bool:
            left.update(self.standin.undelivered(), **self.app.ask("tests.soak.state", "undone()"))
            return not any(left.values())

        assert becomes_true(done, seconds=PATIENCE, every=3), f"still to be done: {left}"

    def audit(self) -> None:
        """Every invariant holds."""
        done = self.app.manage("audit")
        assert done.returncode == 0, done.stdout + done.stderr

    def letters(self) -> Counter[str]:
        """How often each Message-ID arrived in the mailbox."""
        found: Counter[str] = Counter()
        for path in (self.app.folder / "courrier").glob("*.eml"):
            found[str(message_from_bytes(path.read_bytes())["Message-ID"]).strip()] += 1
        return found

    def check_messages(self) -> Counter[str]:
        """Each message sent is in the mailbox, under an id that is its own; returns the letters."""
        letters, sent = self.letters(), self.app.ask("tests.soak.state", "sent()")
        ids = [message_id for _key, message_id in sent]
        assert len(set(ids)) == len(ids), "two messages share a Message-ID"
        assert not set(ids) - set(letters), "a message was noted as sent and never arrived"
        assert not set(letters) - set(ids), "something arrived that nobody owed"
        return letters

    def check_money(self) -> Json:
        """Our books and those of the payment service say the same, to the cent."""
        ours: Json = self.app.ask("tests.soak.state", "card_money()")
        paid = [one["amount_total"] for one in self.standin.all("checkout/sessions") if is_paid(one)]
        back = [one["amount"] for one in self.standin.all("refunds") if one["status"] == "succeeded"]
        assert ours == {"received": [len(paid), sum(paid)], "back": [len(back), sum(back)]}
        return ours

    def say(self, text: str) -> None:
        """Keep a figure, and print it for `-s`."""
        self.figures.append(text)
        print(f"\n  {text}")  # noqa: T201 - the figures are what a soak is for


def is_paid(session: Json) -> bool:
    """Whether a Checkout Session was paid."""
    return bool(session["payment_status"] == "paid")
