"""The payment stand-in for tests: one process per test worker, emptied before each test that asks for it."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from pytest_django import Settings

ROOT = Path(__file__).parent.parent
SECRET_KEY = "sk_test_standin_of_the_tests"
WEBHOOK_SECRET = "whsec_standin_of_the_tests"
GOOD, NO_FUNDS, DECLINED = "4242424242424242", "4000000000009995", "4000000000000002"
ASKS, REFUND_PENDS, REFUND_FAILS = "4000002760003184", "4000000000007726", "4000000000005126"
UNTIL_TOLD = -1
Json = dict[str, Any]


@dataclass
class Standin:
    """A running stand-in, and what tests may ask of it beside Stripe's own API."""

    state: Path
    base: str = ""
    secret_key: str = SECRET_KEY
    webhook_secret: str = WEBHOOK_SECRET
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    # the process
    def start(self, port: int = 0) -> None:
        """Start it on a free port, or on one it had before."""
        environment = {name: value for name, value in os.environ.items() if name != "CANTINE_ENV"}
        environment |= {"STANDIN_SECRET_KEY": self.secret_key, "STANDIN_WEBHOOK_SECRET": self.webhook_secret}
        command = [sys.executable, "-m", "cantine.standin", "--port", str(port), "--state", str(self.state)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert " on http://" in said, f"the stand-in did not start: {said!r}"
        self.base = said.rsplit(" on ", 1)[1].strip().rstrip("/")

    def stop(self, *, kill: bool = False) -> None:
        """End it, politely or with -9."""
        assert self.process is not None
        (self.process.kill if kill else self.process.terminate)()
        self.process.communicate(timeout=10)

    def restart_after_kill(self) -> None:
        """Killed with -9 and started again on the same port and state."""
        self.stop(kill=True)
        self.start(port=int(self.base.rsplit(":", 1)[1]))

    # the control API
    def control(self, path: str, **wanted: Any) -> Json:
        """POST to the control API."""
        return self._ask(f"/_control/{path}", json.dumps(wanted).encode())

    def reset(self) -> None:
        """Empty the account, put clock and faults back."""
        self.control("reset")

    def pay(self, session_id: str, *, card: str = GOOD, agree: bool = True, **typed: str) -> str:
        """Pay on the page without a browser; « paid » or « refused »."""
        done = self.control(f"sessions/{session_id}/pay", card=card, agree="yes" if agree else "no", **typed)
        return str(done["result"])

    def expire(self, session_id: str) -> None:
        """End a session now."""
        self.control(f"sessions/{session_id}/expire")

    def change_session(self, session_id: str, **changed: Any) -> None:
        """Falsify `amount_total` (cents), `currency`, `metadata` or `livemode`."""
        self.control(f"sessions/{session_id}/change", **changed)

    def fail_refund(self, refund_id: str, reason: str = "lost_or_stolen_card") -> None:
        """The bank returns a refund."""
        self.control(f"refunds/{refund_id}/fail", reason=reason)

    def settle_refund(self, refund_id: str) -> None:
        """A pending refund arrives."""
        self.control(f"refunds/{refund_id}/settle")

    def pay_out(self) -> str:
        """Pay out the whole balance, available or not; its id."""
        return str(self.control("payouts", hurry="yes")["id"])

    def arrive(self, payout_id: str) -> None:
        """The bank has a payout."""
        self.control(f"payouts/{payout_id}/arrive")

    def fail_payout(self, payout_id: str) -> None:
        """The bank sends a payout back."""
        self.control(f"payouts/{payout_id}/fail")

    def advance(self, seconds: float) -> None:
        """Move its clock; sessions whose time is over then end."""
        self.control("clock", advance=seconds)

    def set_clock(self, now: datetime) -> None:
        """Follow a test's clock, from now on ticking by itself."""
        self.control("clock", now=now.timestamp())

    def go_down(self, requests: int = UNTIL_TOLD) -> None:
        """Answer 503; the SDK tries three times, so 3 for one call that fails."""
        self.control("faults", down=requests)

    def come_back(self) -> None:
        """No more faults of the API."""
        self.control("faults", down=0, refuse=0, rate_limited=0, conflict=0, drop_after=0, slow_ms=0)

    def fault(self, **counts: int) -> None:
        """`refuse`, `rate_limited`, `conflict`, `drop_after` (connection lost once done), `slow_ms`."""
        self.control("faults", **counts)

    def deliver_to(self, url: str, *secrets: str) -> None:
        """Send webhooks there; by default none are sent, only kept."""
        self.control("webhooks", url=url, secrets=list(secrets or (self.webhook_secret,)))

    def lose_webhooks(self, count: int) -> None:
        """Never send the next ones."""
        self.control("webhooks", lose=count)

    def bend_webhooks(self, **bends: int) -> None:
        """`repeat` (copies more), `reorder` (the next ones, last first), `delay` (seconds)."""
        self.control("webhooks", **bends)

    def redeliver(self, event_id: str) -> None:
        """Send an event again."""
        self.control(f"events/{event_id}/redeliver")

    def deliveries(self) -> list[Json]:
        """What was sent or is to be, newest first: event, type, state, tries, answer."""
        return list(self._ask("/_control/deliveries")["data"])

    # what happened
    def webhook_bodies(self, *types: str) -> list[tuple[bytes, str]]:
        """Raw body and `Stripe-Signature` of every event (of these types), oldest first, signed now."""
        found = self._ask("/_control/bodies")["data"]
        bodies = [one["body"].encode() for one in found if not types or one["type"] in types]
        return [(body, self.sign(body)) for body in bodies]

    def sign(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> str:
        """A signature header as Stripe makes it, by the test's own clock."""
        moment = int(time.time() if at is None else at)
        key = (secret or self.webhook_secret).encode()
        return f"t={moment},v1=" + hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()

    def event_types(self) -> list[str]:
        """The types of all events, oldest first."""
        return [one["type"] for one in self._ask("/_control/bodies")["data"]]

    def get(self, path: str) -> Json:
        """GET of Stripe's API, such as `/v1/checkout/sessions?limit=100`."""
        return self._ask(path)

    def sessions(self) -> list[Json]:
        """The Checkout Sessions, newest first."""
        return list(self.get("/v1/checkout/sessions?limit=100")["data"])

    def refunds(self) -> list[Json]:
        """The refunds, newest first."""
        return list(self.get("/v1/refunds?limit=100")["data"])

    def _ask(self, path: str, body: bytes | None = None) -> Json:
        headers = {"Authorization": f"Bearer {self.secret_key}", "Content-Type": "application/json"}
        request = Request(self.base + path, data=body, headers=headers)
        with build_opener(ProxyHandler({})).open(request, timeout=30) as response:
            answer: Json = json.load(response)
        return answer


@pytest.fixture(scope="session")
def standin_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    """The process, for the length of the run."""
    running = Standin(tmp_path_factory.mktemp("standin") / "state.sqlite3")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def standin(standin_process: Standin, settings: Settings) -> Standin:
    """An empty stand-in that the settings point at; webhooks are kept and not sent."""
    standin_process.reset()
    settings.STRIPE_SECRET_KEY = standin_process.secret_key
    settings.STRIPE_API_BASE = standin_process.base
    settings.STRIPE_WEBHOOK_SECRETS = [standin_process.webhook_secret]
    policy = settings.CONTENT_SECURITY_POLICY
    allowed = {**policy["DIRECTIVES"], "form-action": ["'self'", standin_process.base]}
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": allowed}
    return standin_process
