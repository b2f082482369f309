"""Several processes under one: one log, restarted when they die, stopped together."""

import os
import selectors
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType
from typing import TextIO

from cantine.embedded.children import spawn, stop
from cantine.embedded.errors import CannotStart
from cantine.embedded.services import Services

MOST_RESTARTS = 5
RESTART_WINDOW = 60.0
LOOK_SECONDS = 0.2
PREFIX_WIDTH = 8


class Stopped(BaseException):
    """Someone asked us to end."""


class Log:
    """One stream for everyone: each process writes into a pipe of its own, each line gets its name."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.selector = selectors.DefaultSelector()
        self.pipes: dict[str, int] = {}
        self.rests: dict[str, bytes] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def open(self, name: str) -> int:
        """The descriptor that `name` writes to, the same after a restart."""
        if name not in self.pipes:
            reading, self.pipes[name] = os.pipe()
            self.selector.register(reading, selectors.EVENT_READ, name)
        return self.pipes[name]

    def say(self, name: str, text: str) -> None:
        """Write one line."""
        try:
            self.stream.write(f"{name:<{PREFIX_WIDTH}} | {text}\n")
            self.stream.flush()
        except OSError:
            self.stream = open(os.devnull, "w")  # noqa: SIM115 - whoever read us is gone; stopping goes on

    def _read(self) -> None:
        while True:
            for key, _ in self.selector.select(timeout=LOOK_SECONDS):
                parts = (self.rests.pop(key.data, b"") + os.read(key.fd, 65_536)).split(b"\n")
                self.rests[key.data] = parts.pop()
                for part in parts:
                    self.say(key.data, part.decode(errors="replace").rstrip())


@dataclass
class Program:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    death_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    before_restart: Callable[[], object] = lambda: None
    child: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self, log: Log) -> None:
        """Start the process."""
        self.child = spawn(
            self.command, death_signal=self.death_signal, env=self.env, output=log.open(self.name)
        )

    def ask_to_stop(self) -> None:
        """Tell the process to end, without waiting for it."""
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop the process and whatever it left in its session."""
        if self.child is not None:
            stop(self.child, signal.SIGTERM, seconds=self.stop_seconds)


class Supervisor:
    """Keeps services and programs running until told to stop."""

    def __init__(self, services: Services, log: Log) -> None:
        self.services = services
        self.log = log
        self.programs: list[Program] = []
        self.deaths: dict[str, deque[float]] = {name: deque() for name in services.named}

    def listen_to_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal raise Stopped."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, raise_stopped)

    def start(self, program: Program) -> None:
        """Start one more program."""
        self.programs.append(program)
        program.start(self.log)

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Restart what dies, until `until` or until someone asks to stop (Stopped)."""
        pause = threading.Event()
        while not until():
            for name, service in self.services.named.items():
                if service.child is not None and service.child.poll() is not None:
                    self._count(name, self.deaths[name], service.child.returncode)
                    self.services.start_one(name)
            for program in self.programs:
                if program.child is not None and program.child.poll() is not None:
                    self._count(program.name, program.deaths, program.child.returncode)
                    program.stop()
                    program.before_restart()
                    program.start(self.log)
            pause.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """Stop the programs, each at its own pace, then the services they use; let nobody interrupt it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for program in reversed(self.programs):
            program.ask_to_stop()
        for program in reversed(self.programs):
            program.stop()
        self.services.stop()

    def _count(self, name: str, deaths: deque[float], code: int) -> None:
        """Say that something died; give up when it keeps dying."""
        now = monotonic()
        deaths.append(now)
        while deaths[0] < now - RESTART_WINDOW:
            deaths.popleft()
        if len(deaths) > MOST_RESTARTS:
            raise CannotStart(f"{name} ended {len(deaths)} times in a minute: its lines above say why.")
        self.log.say("cantine", f"{name} ended ({code}), starting it again")


def raise_stopped(number: int, frame: FrameType | None) -> None:
    """The handler of the signals that end us."""
    raise Stopped
