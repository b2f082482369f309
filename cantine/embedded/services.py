"""Start and stop what is embedded, for one data folder, by one process at a time."""

import fcntl
import os
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
    """PostgreSQL and Valkey of one data folder, or only one of them where the other is given by an address."""

    def __init__(
        self, layout: Layout, *, postgres: bool = True, valkey: bool = True, careless: bool = False
    ) -> None:
        self.layout = layout
        self.lock = FolderLock(layout)
        self.postgres = Postgres(layout, careless=careless) if postgres else None
        self.valkey = Valkey(layout, careless=careless) if valkey else None

    def start(self, *, output: int | IO[bytes] | None = None) -> None:
        """Take the folder and start both; what they say goes to `output`, or to a file in the folder.

        Raises CannotStart when another process has the folder, or when one of them does not start.
        """
        self.layout.prepare()
        if not self.lock.take():
            raise CannotStart(
                f"Already running from {self.layout.data} (process {self.lock.holder()}): "
                "stop it first, or set DATA_DIR to another folder."
            )
        try:
            if output is None:
                with self.layout.log.open("ab") as log:
                    self._start_both(log)
            else:
                self._start_both(output)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both, Valkey first, and give the folder back."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self.lock.release()

    def _start_both(self, output: int | IO[bytes]) -> None:
        for service in (self.postgres, self.valkey):
            if service is not None:
                try:
                    service.start(output)
                except OSError as reason:
                    raise CannotStart(f"{type(service).__name__} does not start: {reason}.") from reason
