"""A backup taken while people book, pay and cancel, restored into an empty folder: every invariant holds."""

import random
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from bench.application import ROOT
from tests.soak.load import Person, Seen
from tests.soak.test_kills import PEOPLE
from tests.soak.world import World

pytestmark = pytest.mark.soak


def test_taken_under_load_and_restored_into_an_empty_folder(world: World) -> None:
    if not world.app.lives():
        world.app.start()
    seen, over, pause = Seen(), threading.Event(), threading.Event()
    people = [Person(world, number, seen, over, random.Random(number)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    pause.wait(10)
    before = len(seen.booked)
    made = world.app.manage("backup", "--keep", "2")
    during = len(seen.booked) - before
    over.set()
    for person in people:
        person.join(60)
    assert made.returncode == 0, made.stdout + made.stderr
    assert during > 0, "nobody booked while it was taken"
    said, archive = made.stdout.splitlines()[-2:]
    folder = Path(tempfile.mkdtemp(prefix="cantine-restored-"))
    folder.chmod(0o711)
    try:
        done = restored(world, Path(archive), folder / "data")
        again = restored(world, Path(archive), folder / "data")
        replaced = restored(world, Path(archive), folder / "data", "--replace", typed="cantine\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout
    assert (again.returncode, "This place is not empty" in again.stderr) == (1, True)
    assert replaced.returncode == 0, replaced.stdout + replaced.stderr
    assert "what was here is kept in" in replaced.stdout
    world.say(f"backup under load, {during} bookings meanwhile: {said} Restored elsewhere, audit clean")


def restored(
    world: World, archive: Path, data: Path, *options: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Restore with nothing but the archive and the key that signs the chain of payments."""
    key = (world.app.folder / "signing.key").read_text().strip()
    env = {**world.app.environment, "DATA_DIR": str(data), "SIGNING_KEY": key}
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(archive), *options],
        cwd=ROOT,
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
