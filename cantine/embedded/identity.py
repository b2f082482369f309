"""As whom PostgreSQL runs: it refuses root, so root becomes nobody, or nobody in a namespace of its own."""

import ctypes
import os
import pwd
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from cantine.embedded.errors import CannotStart

NOBODY = 65534  # has an entry in passwd everywhere, without which initdb fails
CLONE_NEWUSER = 0x10000000
LIBC = ctypes.CDLL(None, use_errno=True)

Entry = Callable[[], None]


def choose(*, programs: Path, data: Path) -> tuple[Entry | None, int]:
    """How a child leaves root (run in it after the fork) and who then owns `data`.

    `programs` is the folder of the binaries, `data` the cluster; both must be within the child's reach.
    """
    uid = os.getuid()
    if uid != 0 and has_a_name(uid):
        return None, uid
    if uid == 0 and reachable_by_others(programs) and reachable_by_others(data.parent):
        return become_nobody, NOBODY
    if sys.platform == "linux" and namespaces_allowed():
        return enter_namespace, uid
    who = "as root in a folder closed to others" if uid == 0 else f"as user {uid}, who has no name"
    raise CannotStart(f"PostgreSQL does not run {who}: start as an ordinary user, or set DATABASE_URL.")


def has_a_name(uid: int) -> bool:
    """Whether initdb finds this user; in a container there may be only a number."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def reachable_by_others(folder: Path) -> bool:
    """Whether someone without rights of their own passes through every folder down to this one."""
    absolute = folder.resolve()
    return all(stat.S_IMODE(each.stat().st_mode) & 0o001 for each in [absolute, *absolute.parents])


def namespaces_allowed() -> bool:
    """Whether this kernel lets us open a user namespace, tried in a child."""
    child = os.fork()
    if child == 0:
        try:
            enter_namespace()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def become_nobody() -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def enter_namespace() -> None:
    """Be called nobody inside a namespace while staying who we are on the disk."""
    outside = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {outside[0]} 1"),
        ("gid_map", f"{NOBODY} {outside[1]} 1"),
    ):
        Path("/proc/self", name).write_text(text)


def give_to(owner: int, *folders: Path) -> None:
    """Let `owner` have these folders and all below them; only root can, and only when it is needed."""
    if os.getuid() != 0:
        return
    for folder in folders:
        if folder.exists() and folder.stat().st_uid != owner:
            for each in [folder, *folder.rglob("*")]:
                os.chown(each, owner, owner, follow_symlinks=False)
