"""Behind `make run`: everything one machine needs, started from one folder and stopped together."""

import http.client
import json
import os
import signal
import socket
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections

from bookings.models import Site
from cantine import preparing
from cantine.embedded.errors import CannotStart
from cantine.embedded.keys import kept_secret, write_private
from cantine.embedded.services import Services
from cantine.embedded.supervisor import Log, Program, Stopped, Supervisor

FIRST_PORT = 8000
PORTS_TRIED = 50
WEB = ("gunicorn", "--config", "python:cantine.gunicorn", "cantine.wsgi")
LOGINS = [f"{name}@cantine.example" for name in ("coworker", "volunteer", "manager", "treasurer")]


def run() -> None:
    """Start everything, stay until Ctrl-C or SIGTERM, and leave nothing behind.

    Raises CannotStart, with the one line to show, when something prevents it.
    """
    log = Log()
    services = Services(settings.EMBEDDED, postgres=not settings.DATABASE_URL, valkey=not settings.REDIS_URL)
    supervisor = Supervisor(services, log)
    supervisor.listen_to_signals()
    try:
        # Before the services: a busy port is said at once.
        port = port_to_use(os.environ.get("PORT", ""), first=FIRST_PORT)
        services.start(output_of=log.open)
        environment = environment_of_programs(port)
        prepare(log)
        write_private(settings.EMBEDDED.environment, json.dumps(environment))
        serving, behind = programs(port, environment)
        for program in serving:
            supervisor.start(program)
        # Two processors have enough to do with this: the others begin when pages are served.
        supervisor.watch(until=lambda: answers(port))
        for program in behind:
            supervisor.start(program)
        for line in welcome(environment):
            log.say("cantine", line)
        supervisor.watch()
    except Stopped:
        log.say("cantine", "stopping")
    finally:
        supervisor.stop()
    log.say("cantine", "stopped")


def prepare(log: Log) -> None:
    """Make files, tables and demonstration data; leave no connection open for the children to inherit."""

    def say(text: str) -> None:
        log.say("cantine", text)

    preparing.reach_database()
    try:
        preparing.prepare_files(say)
    except PermissionError as reason:
        raise CannotStart(
            f"{reason.filename} is not yours to write: start as the owner of {settings.BASE_DIR}."
        ) from reason
    preparing.drop_unfinished_demonstration(say)
    preparing.prepare_database(say)
    preparing.prepare_broker(say)
    if demonstrates():
        preparing.load_demonstration(say, password=demonstration_password())
    connections.close_all()


def demonstrates() -> bool:
    """Whether demonstration data belongs here: in the embedded database, or where someone asked for it."""
    asked = os.environ.get("DEMO", "")
    return asked == "1" if settings.DATABASE_URL else asked != "0"


def has_site() -> bool:
    """Whether a site was described."""
    try:
        return Site.objects.exists()
    finally:
        connections.close_all()


def has_demonstration() -> bool:
    """Whether what stands is the demonstration, which names itself."""
    try:
        return get_user_model().objects.filter(email__in=LOGINS).exists()
    finally:
        connections.close_all()


def demonstration_password() -> str:
    """The one password of the demonstration logins."""
    return os.environ.get("DEMO_PASSWORD") or kept_secret(settings.DATA_DIR / "demo.password", size=9)


def port_to_use(asked: str, *, first: int) -> int:
    """The port someone asked for, or the first free one from `first` on."""
    if asked:
        if not asked.isdecimal() or not 0 < int(asked) < 65_536:
            raise CannotStart(f"PORT={asked} is not a port: give a number from 1 to 65535.")
        if not is_free(int(asked)):
            raise CannotStart(
                f"Port {asked} is busy: set PORT to another one, or leave it out to take a free one."
            )
        return int(asked)
    for port in range(first, first + PORTS_TRIED):
        if is_free(port):
            return port
    raise CannotStart(f"No port from {first} to {first + PORTS_TRIED - 1} is free: set PORT.")


def is_free(port: int) -> bool:
    """Whether a server can listen there."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def environment_of_programs(port: int) -> dict[str, str]:
    """What the programs are told beyond our own environment: their address, and where payments go."""
    told = {
        "DATA_DIR": str(settings.DATA_DIR),
        "PORT": str(port),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://localhost:{port}",
    }
    if not settings.STRIPE_SECRET_KEY:
        data = settings.DATA_DIR
        told["STRIPE_SECRET_KEY"] = kept_secret(data / "standin.key", prefix="sk_test_")
        told["STRIPE_WEBHOOK_SECRET"] = kept_secret(data / "standin.webhook", prefix="whsec_")
        told["STRIPE_API_BASE"] = f"http://127.0.0.1:{port_to_use('', first=port + 1)}"
    return told


def programs(port: int, told: dict[str, str]) -> tuple[list[Program], list[Program]]:
    """The programs that serve pages, and those that work behind them."""
    env = {**os.environ, **told, "PYTHONUNBUFFERED": "1"}
    python = [sys.executable, "-m"]
    # Celery warns at length of being root, which a first try on a bare machine often is.
    celery = [
        sys.executable,
        "-W",
        "ignore:::celery.platforms",
        "-m",
        "celery",
        "--quiet",
        "--app",
        "cantine",
    ]
    worker_options = ["--concurrency", "2", "--without-gossip", "--without-mingle"]
    serving = [Program("web", [*python, *WEB], env)]
    if "STRIPE_API_BASE" in told:
        serving.append(stand_in(port, told, env))
    # REMAP_SIGTERM: a stop puts running tasks back. SIGKILL: orphaned by our own death, it must not linger.
    worker = Program(
        "worker",
        [*celery, "worker", *worker_options],
        {**env, "REMAP_SIGTERM": "SIGQUIT"},
        death_signal=signal.SIGKILL,
        stop_seconds=15,
        before_restart=give_back,
    )
    return serving, [worker, Program("beat", [*celery, "beat", "--pidfile="], env, signal.SIGKILL)]


def stand_in(port: int, told: dict[str, str], env: dict[str, str]) -> Program:
    """The payment stand-in, where no key of Stripe is given."""
    secrets = {
        "STANDIN_SECRET_KEY": told["STRIPE_SECRET_KEY"],
        "STANDIN_WEBHOOK_SECRET": told["STRIPE_WEBHOOK_SECRET"],
    }
    command = [sys.executable, "-m", "cantine.standin", "--host", "127.0.0.1"]
    command += ["--port", told["STRIPE_API_BASE"].rpartition(":")[2]]
    command += ["--state", str(settings.DATA_DIR / "standin.sqlite")]
    command += ["--webhook-url", f"http://127.0.0.1:{port}/stripe/webhook/"]
    return Program("payment", command, {**env, **secrets})


def give_back() -> None:
    """Before a worker that died starts again: what it held goes back, if the broker answers."""
    preparing.prepare_broker(lambda text: None)


def answers(port: int) -> bool:
    """Whether the web server answers, well or not."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def welcome(told: dict[str, str]) -> list[str]:
    """What whoever started this needs to know."""
    url = told["PUBLIC_URL"]
    database = "the one of DATABASE_URL" if settings.DATABASE_URL else f"embedded, in {settings.DATA_DIR}"
    lines = ["", f"La Cantine Numérique is at {url}", f"Database: {database}"]
    if not has_site():
        lines.append("The place is empty: describe it with `.venv/bin/python manage.py setup`")
    elif has_demonstration():
        lines.append(f"Demonstration logins: {', '.join(LOGINS)}; password: {demonstration_password()}")
    if not os.environ.get("EMAIL_URL"):
        lines.append(f"E-mails can be read at {url}/courrier/")
    if "STRIPE_API_BASE" in told:
        lines.append(f"Payments go to a stand-in, controlled at {told['STRIPE_API_BASE']}/")
    return [*lines, "Ctrl-C stops everything", ""]
