"""Child processes in sessions of their own that do not outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
# One look at a child while waiting for it, in seconds.
LOOK = 0.02


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    enter: Callable[[], None] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    output: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `command` in its own session, so that Ctrl-C reaches us first and we say who stops when.

    `enter` runs in the child before the program (to leave root). On Linux the child gets `death_signal` when
    the thread that called this ends: call it from the main thread only.
    """
    parent = os.getpid()

    def prepare() -> None:
        if enter is not None:
            enter()
        if sys.platform == "linux":
            # After `enter`: changing the user clears it.
            LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output != subprocess.DEVNULL else subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - it only calls the kernel; the death signal has no other place
        env=dict(env) if env is not None else None,
        cwd=cwd,
    )


def wait_until(child: subprocess.Popen[bytes], is_ready: Callable[[], bool], *, seconds: float) -> bool:
    """Whether `child` became ready in that time; false as well when it ended before."""
    for _ in range(int(seconds / LOOK)):
        if is_ready():
            return True
        with suppress(subprocess.TimeoutExpired):
            child.wait(LOOK)
            return False
    return False


def stop(child: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float) -> None:
    """Ask `child` to end, and end it and its session when it does not in that time."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            child.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
