"""The desk of the long test: its program, killed and started again, and what it noted as done."""

import json
import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.application import ROOT
from tests.soak.renters import Promised, Renter
from tests.soak.world import World

RENTERS = 8
Facts = dict[str, Any]


@dataclass
class House:
    """Who asks to rent and who answers, from the first minute to the last."""

    world: World
    seconds: float
    promised: Promised = field(default_factory=Promised)
    over: threading.Event = field(default_factory=threading.Event)
    killed: int = 0

    @property
    def journal(self) -> Path:
        """What the desk noted as done."""
        return self.world.app.folder.parent / "desk.journal"

    def open(self) -> None:
        """Let everyone in."""
        self.world.app.ask("tests.soak.desk", "open_up()")
        self.renters = [
            Renter(self.world, number, self.promised, self.over, random.Random(number))
            for number in range(RENTERS)
        ]
        for each in self.renters:
            each.start()
        self.keeper = threading.Thread(target=self.keep, daemon=True)
        self.keeper.start()

    def keep(self) -> None:
        """Run the desk; kill it with -9 now and then, and start it again."""
        chance = random.Random(0)
        while not self.over.is_set():
            desk = self.start()
            self.over.wait(chance.uniform(15, 30))
            desk.kill()
            desk.wait()
            self.killed += 1

    def start(self) -> subprocess.Popen[bytes]:
        """Start its program beside the application."""
        code = f"from tests.soak import desk; desk.work({self.seconds})"
        with self.journal.open("ab") as journal:
            return subprocess.Popen(
                [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
                cwd=ROOT,
                env=self.world.app.environment,
                stdout=journal,
                stderr=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """Send everyone home."""
        self.over.set()
        for each in self.renters:
            each.join(60)
        self.keeper.join(60)

    def noted(self) -> dict[str, set[Any]]:
        """What the desk noted, by sort; a line that a kill cut short is none."""
        found: dict[str, set[Any]] = {}
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        for line in lines:
            try:
                what, about = json.loads(line)
            except ValueError:
                continue
            found.setdefault(what, set()).add(about)
        return found

    def check(self) -> None:
        """What was told to who asked, and noted by the desk, holds; each once."""
        assert self.promised.wrong == []
        requests = sorted(self.promised.requests | self.promised.accepted | self.promised.refused)
        facts: Facts = self.world.app.ask("tests.soak.desk", f"facts({requests!r})")
        assert set(facts["known"]) == set(requests), "a request that was acknowledged is gone"
        assert self.promised.accepted <= set(facts["accepted"]), "an acceptance is gone"
        assert self.promised.refused <= set(facts["refused"]), "a refusal is gone"
        for what, about in self.noted().items():
            assert about <= set(facts[what]), f"what the desk noted as {what} is gone"
        for what in ("balance", "cancelled", "transfer"):
            assert len(set(facts[what])) == len(facts[what]), f"{what} twice"
        assert not set(facts["balance"]) & set(facts["cancelled"])
        self.say(len(requests), facts)

    def say(self, asked: int, facts: Facts) -> None:
        """Print what came of it."""
        sorts = ("sent", "accepted", "refused", "balance", "transfer", "cancelled")
        done = ", ".join(f"{len(facts[what])} {what}" for what in sorts)
        self.world.say(
            f"{asked} asked to rent: {done}, {facts['expired']} expired, {facts['promoted']} promoted; "
            f"{len(self.promised.paid)} advances paid by card, {self.promised.told_no} told no, "
            f"the desk killed {self.killed} times"
        )
