"""Processes as the kernel knows them: whose child, what they run, how much CPU they used."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on; None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def children(parent: int) -> list[int]:
    """The living children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            stat = _stat(int(entry.name))
            if stat and stat[0] != "Z" and int(stat[1]) == parent:
                found.append(int(entry.name))
    return sorted(found)


def family(parent: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield parent
    for child in children(parent):
        yield from family(child)


def command(pid: int) -> str:
    """The command line of a process, or nothing once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def cpu_seconds(parent: int) -> float:
    """The CPU time used so far by a process, its living family and the children it has buried."""
    ticks = 0
    for pid in family(parent):
        stat = _stat(pid)
        if stat:
            ticks += sum(int(part) for part in stat[11:15])
    return ticks / TICKS
