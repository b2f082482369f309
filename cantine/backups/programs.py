"""PostgreSQL's own programs, of the server's major version: the embedded ones, the PATH's, or Debian's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from cantine import addresses
from cantine.backups.errors import BackupFailed
from cantine.embedded import postgres
from cantine.embedded.errors import CannotStart

VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
DEBIAN = Path("/usr/lib/postgresql")
# Bearer keys of open sessions and rate limits: secrets, or of no use to anybody afterwards.
WITHOUT_ROWS = ("django_session", "cantine_cache")
OF_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
# The role's time limits are for people who wait; the dump lifts them itself.
EMPTIED = (
    "SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning;"
    " DROP SCHEMA public CASCADE; CREATE SCHEMA public"
)


def server_version() -> int:
    """The major version of the server behind Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    return int(row[0]) // 10_000 if row else 0


def folders() -> Iterator[Path]:
    """Where PostgreSQL's programs may be."""
    with suppress(CannotStart):
        yield postgres.programs()
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent
    yield from sorted(DEBIAN.glob("*/bin"))


def folder_of(major: int) -> Path:
    """The folder whose programs are of this major version.

    An older pg_dump refuses a newer server; what a newer one writes an older server may not read.
    """
    for folder in folders():
        if (folder / "psql").exists() and major_of(folder / "pg_dump") == major:
            return folder
    raise BackupFailed(f"There is no pg_dump of PostgreSQL {major} here: install postgresql-client-{major}.")


def major_of(program: Path) -> int:
    """The major version that a program says it has; 0 when it says nothing."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0


def environment() -> dict[str, str]:
    """How libpq reaches the database: in the environment, for everybody reads the process list.

    Past a PgBouncer when DATABASE_DIRECT_URL names the server: a dump needs a session of its own.
    """
    database: Mapping[str, Any] = connection.settings_dict
    if settings.DATABASE_DIRECT_URL:
        database = addresses.database(settings.DATABASE_DIRECT_URL)
    options = database.get("OPTIONS") or {}
    said = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
        **{f"PG{name.upper()}": options.get(name) for name in OF_TLS},
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **{name: str(value) for name, value in said.items() if value}}


def run(command: Sequence[str | Path], *, what: str) -> None:
    """Run one of the programs; raises BackupFailed with its last line."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{what}: {last_line(done.stderr)}")


def last_line(said: str) -> str:
    """What a program said last."""
    return (said.strip().splitlines() or ["it said nothing"])[-1]


def dump(to: Path) -> int:
    """Write the database as it is at one instant, in the custom format; returns the server's version."""
    major = server_version()
    command: list[str | Path] = [folder_of(major) / "pg_dump", "--format=custom", "--no-owner"]
    command += ["--no-privileges", *(f"--exclude-table-data={table}" for table in WITHOUT_ROWS)]
    run([*command, "--file", to], what="The database cannot be dumped")
    return major


def load(dumped: Path, *, replace: bool) -> None:
    """Fill the database from a dump in one transaction: all of it, or nothing has changed."""
    folder = folder_of(server_version())
    emptied = ["-c", EMPTIED] if replace else []
    script = dumped.with_suffix(".sql")
    written = ["--no-owner", "--no-privileges", "--file", str(script), str(dumped)]
    run([folder / "pg_restore", *written], what="The dump cannot be read")
    try:
        once = ["-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        run([folder / "psql", *once, *emptied, "-f", script], what="The database cannot be restored")
    finally:
        script.unlink(missing_ok=True)
