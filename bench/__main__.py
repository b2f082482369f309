"""`python -m bench`: on services of its own, in a folder that is removed afterwards."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.application import ROOT
from cantine.embedded.commands import make_keys
from cantine.embedded.errors import CannotStart
from cantine.embedded.layout import Layout
from cantine.embedded.services import Services


def main() -> int:
    """Start the services, measure beside them, exit 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--requests", type=int, default=300, help="requests of one round of a comparison")
    parser.add_argument("--occupancies", type=int, default=1_000_000, help="how long the long history is")
    parser.add_argument("--without-suite", action="store_true", help="do not time the test suite")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cantine-bench-"))
    folder.chmod(0o711)
    services = Services(Layout(folder / "data"))
    try:
        make_keys(services.layout)
        services.start()
        return measure(services, wanted)
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    finally:
        services.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(services: Services, wanted: argparse.Namespace) -> int:
    """Migrate, then measure inside a shell of the application."""
    foreign = ("DATABASE_URL", "REDIS_URL", "STRIPE_", "EMAIL_URL", "CANTINE_ENV", "PORT")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    env |= {"DATA_DIR": str(services.layout.data), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    child = services.named["postgres"].child
    assert child is not None
    call = (
        "import sys; from bench import run; sys.exit(min(1, run.main("
        f"postgres={child.pid}, requests={wanted.requests}, occupancies={wanted.occupancies}, "
        f"with_suite={not wanted.without_suite})))"
    )
    for arguments in (
        ["build_assets"],
        ["collectstatic", "--noinput", "-v0"],
        ["migrate", "-v0"],
        ["createcachetable"],
    ):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", call], cwd=ROOT, env=env, check=False
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
