"""gunicorn as `make run` starts it, over one of the bench's databases, and what a request costs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import monotonic

from bench.application import ROOT, becomes_true, free_port
from bench.client import Answer, Browser, at_once
from bench.processes import cpu_seconds
from cantine.running import WEB, answers

HANDS = 4
"""People who ask at the same time while a cost is measured."""


@dataclass(frozen=True)
class Cost:
    """What one request cost in CPU of web server and database, in milliseconds; and how many a second."""

    web: float
    database: float
    rate: float

    @property
    def cpu(self) -> float:
        """Both together, in milliseconds."""
        return self.web + self.database


@dataclass
class Server:
    """A running web server."""

    database: str
    postgres: int
    bytes_ready: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_DATABASE": self.database}
        env |= {"BENCH_BYTES": str(self.bytes_ready), "PUBLIC_URL": f"http://localhost:{self.port}"}
        # A key that nobody is asked with: cards are offered, and nothing leaves this machine.
        env |= {"STRIPE_SECRET_KEY": "sk_test_bench", "STRIPE_API_BASE": "http://127.0.0.1:9"}
        env["PORT"] = str(self.port)
        command = [sys.executable, "-m", *WEB]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        if not becomes_true(lambda: answers(self.port), seconds=60):
            raise RuntimeError("the web server does not start")

    @property
    def log(self) -> Path:
        """What it says."""
        return self.bytes_ready.with_name(f"web-{self.database}.log")

    def stop(self) -> None:
        """Stop it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def browser(self, session: str) -> Browser:
        """A person's connection."""
        return Browser(self.port, session, timeout=300)

    def cost(
        self, ask: Sequence[Callable[[Browser], Answer]], sessions: Sequence[str], *, expect: int
    ) -> Cost:
        """Make these requests, a few at a time, and say what one cost; another status is an error.

        The people of `sessions` take turns.
        """
        assert self.process is not None
        shares = [ask[hand::HANDS] for hand in range(HANDS)]
        before = cpu_seconds(self.process.pid), cpu_seconds(self.postgres), monotonic()
        at_once([self._worker(share, sessions[hand::HANDS], expect) for hand, share in enumerate(shares)])
        after = cpu_seconds(self.process.pid), cpu_seconds(self.postgres), monotonic()
        web, database, took = (late - early for late, early in zip(after, before, strict=True))
        return Cost(web * 1000 / len(ask), database * 1000 / len(ask), len(ask) / took)

    def _worker(
        self, share: Sequence[Callable[[Browser], Answer]], sessions: Sequence[str], expect: int
    ) -> Callable[[], None]:
        def work() -> None:
            browser, turns = self.browser(""), cycle(sessions)
            for ask in share:
                browser.session = next(turns)
                answer = ask(browser)
                if answer.status != expect:
                    raise RuntimeError(f"{answer.status} instead of {expect}: {self.log.read_text()[-3000:]}")
            browser.close()

        return work
