"""The main journeys over HTTP behind PgBouncer in transaction mode: booked, paid, invoiced, cancelled."""

import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.application import Application
from cantine.embedded.layout import Layout
from cantine.embedded.services import Services
from tests.pgbouncer import needs_pgbouncer, pooled, show
from tests.soak.conftest import coming_days
from tests.soak.load import Person, Seen
from tests.soak.test_kills import check_promises
from tests.soak.world import World

pytestmark = [pytest.mark.soak, needs_pgbouncer]
PEOPLE, SECONDS = 12, 30


@pytest.fixture
def behind() -> Iterator[tuple[World, int]]:
    """An application whose PostgreSQL is reached through the pool only, and the pool's port."""
    folder = Path(tempfile.mkdtemp(prefix="cantine-pool-"))
    folder.chmod(0o711)
    services = Services(Layout(folder / "server"), valkey=False)
    services.start()
    try:
        with pooled(services.layout.sockets) as port:
            url = f"postgres://cantine:unused@127.0.0.1:{port}/cantine"
            app = Application(folder / "data", database_url=url)
            try:
                app.start()
                yield World(app, app.ask("tests.soak.state", f"fill({PEOPLE})"), coming_days()), port
            finally:
                app.stop()
    finally:
        services.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_people_book_pay_and_cancel_behind_a_pool(behind: tuple[World, int]) -> None:
    world, port = behind
    seen, over, pause = Seen(), threading.Event(), threading.Event()
    people = [Person(world, number, seen, over, random.Random(number)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    pause.wait(SECONDS)
    servers = [row for row in show(port, "SERVERS") if row["database"] == "cantine"]
    clients = [row for row in show(port, "CLIENTS") if row["database"] == "cantine"]
    over.set()
    for person in people:
        person.join(60)
    world.catch_up()
    assert (seen.wrong, seen.broken) == ([], 0)
    assert len(seen.paid) > 0
    check_promises(world, seen)
    world.check_money()
    world.check_messages()
    world.audit()
    world.say(
        f"behind PgBouncer, {len(clients)} connections on {len(servers)} servers: {len(seen.booked)} booked, "
        f"{len(seen.paid)} paid and invoiced, {len(seen.cancelled)} cancelled; audit clean"
    )
