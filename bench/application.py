"""The whole application as `make run` starts it, in a folder of its own, to be measured or killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from bench.processes import children, command

ROOT = Path(__file__).resolve().parent.parent
LOOK = 0.1
# What tells a child of the supervisor from the others, in its command line.
MARKS = {
    "web": "gunicorn",
    "worker": " worker ",
    "beat": " beat ",
    "payment": "cantine.standin",
    "valkey": "valkey-server",
    "postgres": "/postgres ",
}


def free_port() -> int:
    """A port nobody listens on; the one after it is left for the payment stand-in."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def becomes_true(what: Callable[[], bool], *, seconds: float, every: float = LOOK) -> bool:
    """Whether `what` came true in that time."""
    pause, end = threading.Event(), monotonic() + seconds
    while not what():
        if monotonic() > end:
            return False
        pause.wait(every)
    return True


@dataclass
class Application:
    """`manage.py run` on a data folder; started again after its death, it finds its data."""

    folder: Path
    port: int = field(default_factory=free_port)
    demo: bool = False
    database_url: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Everything it said, over all its lives."""
        return self.folder.parent / f"{self.folder.name}.log"

    @property
    def environment(self) -> dict[str, str]:
        """Our own environment, with its folder and port and no address of anything else's."""
        foreign = ("DATABASE_URL", "REDIS_URL", "STRIPE_", "EMAIL_URL", "PUBLIC_URL", "CANTINE_ENV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        own = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "DEMO": "1" if self.demo else "0"}
        if self.database_url:
            own["DATABASE_URL"] = self.database_url
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "cantine.settings"}

    @property
    def told(self) -> dict[str, str]:
        """What its processes were told: where the payment stand-in is, and its key."""
        said: dict[str, str] = json.loads((self.folder / "environment").read_text())
        return said

    def start(self, *, seconds: float = 180) -> float:
        """Start it and wait until pages are served; returns how long that took, in seconds."""
        began = monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if not becomes_true(lambda: self.answers() or not self.lives(), seconds=seconds) or not self.lives():
            raise RuntimeError(f"It did not start: {self.log.read_text()[-2000:]}")
        return monotonic() - began

    def lives(self) -> bool:
        """Whether the supervisor runs."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether a page is served and the database answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        return False

    def pids(self) -> dict[str, int]:
        """The supervisor's children by name, those that live now."""
        assert self.process is not None
        found: dict[str, int] = {}
        for pid in children(self.process.pid):
            said = command(pid)
            found |= {name: pid for name, mark in MARKS.items() if mark in said and name not in found}
        return found

    def kill(self, name: str) -> bool:
        """Kill one child with -9; false when it is not there at this moment."""
        pid = self.pids().get(name)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def kill_all(self) -> None:
        """Kill the supervisor with -9: its children follow."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stop it politely."""
        if self.process is not None and self.lives():
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
            if self.lives():
                self.kill_all()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `manage.py` command beside it."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def ask(self, module: str, call: str) -> Any:
        """Call a function of one of our modules over its data; what it returns comes back as JSON."""
        code = f"import json, {module}; print(json.dumps({module}.{call}))"
        done = self.manage("shell", "--no-imports", "-c", code)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return json.loads(done.stdout)
