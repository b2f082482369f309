"""Starting and stopping the program."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.fixtures_standin import ROOT, Standin


def start(tmp_path: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cantine.standin", "--state", str(tmp_path / "s.sqlite3"), *more]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_refuses_to_run_in_production(tmp_path: Path) -> None:
    done = start(tmp_path, "--port", "0", CANTINE_ENV="production", STANDIN_SECRET_KEY="sk_test_x")
    assert done.returncode == 2
    assert "never runs in production" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_key_that_is_not_a_test_key(tmp_path: Path) -> None:
    done = start(tmp_path, "--port", "0", STANDIN_SECRET_KEY="sk_live_x", STANDIN_WEBHOOK_SECRET="whsec_x")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_says_in_a_line_that_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start(
            tmp_path,
            "--port",
            port,
            CANTINE_ENV="",
            STANDIN_SECRET_KEY="sk_test_x",
            STANDIN_WEBHOOK_SECRET="w",
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert port in done.stderr


def test_ends_politely_when_told(tmp_path: Path) -> None:
    running = Standin(tmp_path / "state.sqlite3")
    running.start()
    running.stop()
    assert running.process is not None
    assert running.process.returncode == 0


def test_its_files_import_nothing_but_the_standard_library_and_one_another() -> None:
    for file in (ROOT / "cantine" / "standin").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("cantine.standin"), (file.name, name)
