"""P12: the second start of `make run`, and how long the tests take."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from bench.application import ROOT, Application
from bench.results import Result

START_SECONDS, SUITE_SECONDS = 5.0, 240.0


def second_start(*, with_suite: bool) -> Result:
    """Start twice from an empty folder, demonstration and all; run the test suite if asked for."""
    folder = Path(tempfile.mkdtemp(prefix="cantine-bench-start-"))
    folder.chmod(0o711)
    app = Application(folder / "data", demo=True)
    try:
        first = app.start(seconds=300)
        app.stop()
        again = app.start()
    finally:
        app.stop()
        shutil.rmtree(folder, ignore_errors=True)
    value, target = {"second start": round(again, 1)}, {"second start": START_SECONDS}
    if with_suite:
        value["tests"], target["tests"] = round(suite(), 0), SUITE_SECONDS
    holds = all(value[name] <= target[name] for name in target)
    return Result("P12", "seconds until pages are served", value, target, holds, f"first start {first:.0f} s")


def suite() -> float:
    """How long `make test` takes, in seconds; failing tests are the tests' business."""
    began = monotonic()
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadscope", "-q"]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return monotonic() - began
