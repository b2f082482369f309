"""Start and stop what is embedded, for one data folder, by one process at a time."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from cantine.embedded.errors import CannotStart
from cantine.embedded.layout import Layout
from cantine.embedded.postgres import Postgres
from cantine.embedded.valkey import Valkey


class FolderLock:
    """The right to run something from a data folder; the kernel gives it back whatever happens to us."""

    def __init__(self, layout: Layout) -> None:
        self.file = layout.lock
        self.handle: IO[str] | None = None

    def take(self) -> bool:
        """Take the lock, or say that someone else has it."""
        handle = self.file.open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        self.handle = handle
        return True

    def holder(self) -> str:
        """The process that has the lock, as it wrote it."""
        with suppress(OSError):
            return self.file.read_text().strip()
        return "?"

    def release(self) -> None:
        """Give the lock back."""
        if self.handle is not None:
            self.handle.close()
            self.handle = None


class Services:
    """PostgreSQL and Valkey of one data folder, or only one where the other has an address."""

    def __init__(
        self, layout: Layout, *, postgres: bool = True, valkey: bool = True, careless: bool = False
    ) -> None:
        self.layout = layout
        self.lock = FolderLock(layout)
        self.named: dict[str, Postgres | Valkey] = {}
        if postgres:
            self.named["postgres"] = Postgres(layout, careless=careless)
        if valkey:
            self.named["valkey"] = Valkey(layout, careless=careless)
        self._log = -1
        self._output_of: Callable[[str], int] = self._log_file

    def start(self, *, output_of: Callable[[str], int] | None = None) -> None:
        """Take the folder and start both; what each says goes to the descriptor that `output_of(name)` gives,
        or to a file in the folder.

        Raises CannotStart when another process has the folder, or when one of them does not start.
        """
        self.layout.make_folder()
        self.layout.make_sockets_folder()
        if not self.lock.take():
            raise CannotStart(
                f"Already running from {self.layout.data} (process {self.lock.holder()}): "
                "stop it first, or set DATA_DIR to another folder."
            )
        self.layout.environment.unlink(missing_ok=True)
        self._output_of = output_of or self._log_file
        try:
            for name in self.named:
                self.start_one(name)
        except BaseException:
            self.stop()
            raise

    def start_one(self, name: str) -> None:
        """Start one of them, for the first time or after its death."""
        service = self.named[name]
        try:
            service.start(self._output_of(name))
        except OSError as reason:
            raise CannotStart(f"{name} does not start: {reason}.") from reason

    def stop(self) -> None:
        """Stop both, Valkey first, and give the folder back."""
        for service in reversed(list(self.named.values())):
            service.stop()
        self.layout.environment.unlink(missing_ok=True)
        if self._log >= 0:
            os.close(self._log)
            self._log = -1
        self.layout.tidy()
        self.lock.release()

    def _log_file(self, name: str) -> int:
        """The file that keeps what both say, opened once."""
        if self._log < 0:
            self._log = os.open(self.layout.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return self._log
