"""The services that a `manage.py` command needs: those that run already, or its own while it lasts."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cantine.embedded.errors import CannotStart
from cantine.embedded.keys import kept_secret
from cantine.embedded.layout import Layout
from cantine.embedded.postgres import Postgres
from cantine.embedded.services import Services
from cantine.embedded.valkey import Valkey

# These need no database, or (run) start what they need themselves.
WITHOUT_SERVICES = {
    "build_assets",
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "makemigrations",
    "run",
    "translations",
    "version",
}
WAIT_SECONDS = 20
LOOK_SECONDS = 0.1


def data_folder(base: Path) -> Path:
    """The data folder, as the settings find it."""
    return Path(os.environ.get("DATA_DIR") or base / ".data").absolute()


def make_keys(layout: Layout) -> None:
    """Make what the local profile keeps secret, before the settings look for it."""
    try:
        layout.make_folder()
        for file in (layout.secret_key, layout.signing_key, layout.password_file):
            kept_secret(file, size=48)
    except OSError as reason:
        refusal = f"{layout.data} cannot be used ({reason.strerror}): set DATA_DIR to a folder of yours."
        raise CannotStart(refusal) from reason


@contextmanager
def services_for(arguments: Sequence[str], base: Path) -> Iterator[None]:
    """Have the embedded services for one command: nothing in production, or when every address is given."""
    name = arguments[0] if arguments else "help"
    if os.environ.get("CANTINE_ENV", "local") != "local":
        yield
        return
    layout = Layout(data_folder(base))
    if name == "run":
        make_keys(layout)
    postgres, valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    bare = name in WITHOUT_SERVICES and not any(word.startswith("--database") for word in arguments)
    if bare or name.startswith("-") or {"-h", "--help"} & set(arguments) or not (postgres or valkey):
        yield
        return
    make_keys(layout)
    services = Services(layout, postgres=postgres, valkey=valkey)
    if start_or_find(services):
        try:
            yield
        finally:
            services.stop()
    else:
        for key, value in running_environment(layout).items():
            os.environ.setdefault(key, value)
        yield


def start_or_find(services: Services) -> bool:
    """Start the services and say true, or wait for those of another process and say false."""
    pause = threading.Event()
    for _ in range(int(WAIT_SECONDS / LOOK_SECONDS)):
        if services.lock.take():
            services.lock.release()
            services.start()
            return True
        if all(answers(service) for service in services.named.values()):
            return False
        pause.wait(LOOK_SECONDS)
    raise CannotStart(
        f"Process {services.lock.holder()} has {services.layout.data}, but its services do not answer: "
        "stop it and try again."
    )


def answers(service: Postgres | Valkey) -> bool:
    """Whether the service of another process answers."""
    if isinstance(service, Valkey):
        return service.is_ready()
    try:
        return service.query("SELECT 1") == "1"
    except subprocess.CalledProcessError:
        return False


def running_environment(layout: Layout) -> dict[str, str]:
    """What the processes that run from this folder were told."""
    if not layout.environment.exists():
        return {}
    return {str(name): str(value) for name, value in json.loads(layout.environment.read_text()).items()}
