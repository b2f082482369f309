"""The services embedded in a data folder."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection

from cantine.embedded.commands import services_for
from cantine.embedded.errors import CannotStart
from cantine.embedded.layout import SOCKET_PATH_BYTES, Layout
from cantine.embedded.postgres import Postgres
from cantine.embedded.services import Services
from cantine.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
HOLDER = """
import sys, threading
from pathlib import Path
from cantine.embedded.layout import Layout
from cantine.embedded.services import Services
services = Services(Layout(Path(sys.argv[1])), careless=True)
services.start()
print(*(service.child.pid for service in services.named.values()), flush=True)
threading.Event().wait()
"""


def postgres_of(services: Services) -> Postgres:
    found = services.named["postgres"]
    assert isinstance(found, Postgres)
    return found


@contextmanager
def running(folder: Path, *, careless: bool = True) -> Iterator[Services]:
    services = Services(Layout(folder), careless=careless)
    services.start()
    try:
        yield services
    finally:
        services.stop()


def becomes_true(what: Callable[[], bool], *, seconds: float = 10) -> bool:
    pause = threading.Event()
    return any(what() or pause.wait(0.05) for _ in range(int(seconds / 0.05)))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.django_db
def test_the_tests_have_a_database_of_their_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('lock_timeout'), lower('É')")
        assert cursor.fetchone() == (connection.settings_dict["NAME"], "5s", "é")
    assert str(connection.settings_dict["NAME"]).startswith("test_")


@pytest.mark.django_db(transaction=True)
def test_both_caches_keep_what_they_are_given() -> None:
    for name in ("default", "redis"):
        caches[name].set("word", "bonjour")
        assert caches[name].get("word") == "bonjour"


def test_a_long_path_with_spaces_and_accents_serves_and_leaves_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "Été à Rouen" / ("très long " * 12) / "données"
    with running(folder) as services:
        layout = services.layout
        assert len(os.fsencode(layout.sockets)) < SOCKET_PATH_BYTES
        assert layout.sockets.stat().st_mode & 0o077 == 0
        assert postgres_of(services).query("SELECT lower('ÉTÉ')") == "été"
        done = subprocess.run(
            [postgres_of(services).programs / "psql", layout.database_url(), "-Atc", "SELECT 1"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "1"
    assert not layout.sockets.exists()
    assert [is_gone(service.child.pid) for service in services.named.values() if service.child] == [
        True,
        True,
    ]


def test_killed_services_start_again_with_what_they_were_given(tmp_path: Path) -> None:
    with running(tmp_path / "data", careless=False) as services:
        postgres_of(services).query("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        for service in services.named.values():
            assert service.child is not None
            service.child.send_signal(signal.SIGKILL)
    with running(tmp_path / "data", careless=False) as services:
        assert postgres_of(services).query("SELECT count(*) FROM kept") == "1000"
        assert all(service.is_ready() for service in services.named.values())


def test_a_killed_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "data" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with running(tmp_path / "data") as services:
        assert postgres_of(services).query("SELECT 1") == "1"
    assert not half.exists()


def test_a_cluster_of_another_major_version_is_refused_in_one_line_and_left_alone(tmp_path: Path) -> None:
    cluster = tmp_path / "data" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(
        CannotStart, match=r"made by PostgreSQL 12, and this is \d+: docs/operations.md"
    ) as refused:
        Services(Layout(tmp_path / "data"), valkey=False).start()
    assert "\n" not in str(refused.value)
    assert [each.name for each in cluster.iterdir()] == ["PG_VERSION"]


def test_services_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "data")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        pids = [int(word) for word in holder.stdout.readline().split()]
        holder.kill()
    assert len(pids) == 2
    assert becomes_true(lambda: all(is_gone(pid) for pid in pids))
    with running(tmp_path / "data") as services:
        assert postgres_of(services).query("SELECT 1") == "1"


def test_a_second_start_from_the_same_folder_is_refused_and_disturbs_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "data") as services:
        with pytest.raises(CannotStart, match=f"Already running from .*process {os.getpid()}") as refused:
            Services(Layout(tmp_path / "data")).start()
        assert "\n" not in str(refused.value)
        assert postgres_of(services).query("SELECT 1") == "1"


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_root_and_others_serve_from_open_and_closed_folders(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with running(tmp_path / "data") as services:
        assert postgres_of(services).query("SELECT 1") == "1"


def test_a_command_finds_what_runs_or_starts_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    layout = Layout(tmp_path / "data")
    with services_for(["migrate"], ROOT):
        assert Valkey(layout).is_ready()
        with services_for(["shell"], ROOT):
            assert Valkey(layout).is_ready()
        assert Valkey(layout).is_ready()
    assert not Valkey(layout).is_ready()


def test_a_command_without_database_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    for command in (["check"], ["makemigrations", "--check"], ["migrate", "--help"], []):
        with services_for(command, ROOT):
            assert not (tmp_path / "data").exists()


def test_secrets_are_made_once_and_read_by_their_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    layout = Layout(tmp_path / "data")
    made = []
    for _ in range(2):
        with services_for(["run"], ROOT):
            made.append((layout.secret_key.read_text(), layout.signing_key.read_text()))
    assert made[0] == made[1]
    assert len(set(made[0])) == 2
    assert layout.secret_key.stat().st_mode & 0o077 == 0
