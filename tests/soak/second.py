"""A second web server and a second worker beside the first ones, on the same database and broker."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.application import ROOT, Application, becomes_true, free_port
from bench.client import Browser
from cantine.running import WEB
from tests.soak.world import World

WORKER = ("-W", "ignore:::celery.platforms", "-m", "celery", "--quiet", "--app", "cantine", "worker")
QUIET = ("--concurrency", "2", "--without-gossip", "--without-mingle")


@dataclass
class Second:
    """As another machine would run them: not under the first one's supervisor."""

    app: Application
    port: int = field(default_factory=free_port)
    programs: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start « web » or « worker »."""
        command: Sequence[str] = ("-m", *WEB) if name == "web" else (*WORKER, *QUIET)
        env = {**self.app.environment, **self.app.told, "PORT": str(self.port), "REMAP_SIGTERM": "SIGQUIT"}
        with self.app.log.open("ab") as output:
            self.programs[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if name == "web":
            assert becomes_true(self.answers, seconds=90), self.app.log.read_text()[-2000:]

    def answers(self) -> bool:
        """Whether it is ready."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        return False

    def kill(self, name: str) -> None:
        """Kill it and its children with -9."""
        with suppress(ProcessLookupError):
            os.killpg(self.programs[name].pid, signal.SIGKILL)
        self.programs[name].wait()

    def stop(self) -> None:
        """End both."""
        for program in self.programs.values():
            program.terminate()
        for name, program in self.programs.items():
            with suppress(subprocess.TimeoutExpired):
                program.wait(20)
            self.kill(name)


@dataclass
class TwoWebs(World):
    """People come in by either web server, as a load balancer sends them: the dead one's go to the other."""

    second: Second | None = None

    def browser(self, person: int) -> Browser:
        """A connection of one of the people."""
        browser = super().browser(person)
        if self.second is not None and person % 2:
            browser.port = self.second.port
        return browser
