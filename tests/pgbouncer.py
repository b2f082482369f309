"""Debian's PgBouncer in transaction mode before an embedded PostgreSQL; skipped where it is not there."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT

import pytest

from bench.application import becomes_true, free_port
from cantine.embedded import identity
from cantine.embedded.children import spawn, stop
from cantine.embedded.layout import ROLE
from cantine.embedded.postgres import programs

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="there is no pgbouncer on this machine")
SERVERS = 6
# Round-robin: what one transaction leaves in its session, the next one of the same client does not find.
CONFIGURATION = """
[databases]
* = host={sockets} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
server_round_robin = 1
default_pool_size = {servers}
max_client_conn = 200
admin_users = {role}
"""


@contextmanager
def pooled(sockets: Path) -> Iterator[int]:
    """Run it before the PostgreSQL of this sockets' folder; gives its port on the loopback."""
    assert PROGRAM is not None
    port = free_port()
    # Not pytest's own: those folders are closed to whomever it runs as.
    folder = Path(tempfile.mkdtemp(prefix="cantine-pgbouncer-"))
    folder.chmod(0o711)
    configuration = folder / "pgbouncer.ini"
    said = CONFIGURATION.format(sockets=sockets, port=port, role=ROLE, servers=SERVERS)
    configuration.write_text(said)
    configuration.chmod(0o644)
    # As PostgreSQL: neither runs as root, and the sockets are its owner's.
    enter, _owner = identity.choose(programs=programs(), data=sockets)
    child = spawn([PROGRAM, str(configuration)], death_signal=SIGINT, enter=enter)
    try:
        assert becomes_true(lambda: listens(port), seconds=10), "pgbouncer did not start"
        yield port
    finally:
        stop(child, SIGINT, seconds=5)
        shutil.rmtree(folder)


def listens(port: int) -> bool:
    """Whether someone listens there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def show(port: int, what: str) -> list[dict[str, str]]:
    """What its console answers to SHOW."""
    done = subprocess.run(
        [
            programs() / "psql",
            "-XAq",
            "--csv",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-U",
            ROLE,
            "pgbouncer",
            "-c",
            f"SHOW {what}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    names, *rows = (line.split(",") for line in done.stdout.strip().splitlines())
    return [dict(zip(names, row, strict=False)) for row in rows]
