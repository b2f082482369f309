"""Where everything embedded lives, below one data folder."""

import hashlib
import os
import re
import shutil
import stat
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cantine.embedded.errors import CannotStart

DATABASE = "cantine"
ROLE = "cantine"
# sun_path holds 108 bytes with its final zero on Linux, 104 on macOS.
SOCKET_PATH_BYTES = 103 if sys.platform == "darwin" else 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
# Not tempfile.gettempdir(): two commands must find the same sockets whatever TMPDIR says.
SHORT_PARENT = Path("/tmp")  # noqa: S108 - the folder below is made with 0700 and its owner checked
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/+-]+")


@dataclass(frozen=True)
class Layout:
    """The files of one data folder and the addresses of what runs from it."""

    data: Path

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster."""
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only files."""
        return self.data / "valkey"

    @property
    def log(self) -> Path:
        """What the services say when nobody reads it (tests, single commands)."""
        return self.data / "services.log"

    @property
    def lock(self) -> Path:
        """The file whose lock says that something runs from this folder."""
        return self.data / "lock"

    @property
    def password_file(self) -> Path:
        """Valkey's password."""
        return self.data / "valkey.password"

    @property
    def secret_key(self) -> Path:
        """The key that signs sessions."""
        return self.data / "secret.key"

    @property
    def signing_key(self) -> Path:
        """The key that signs the chain of payments."""
        return self.data / "signing.key"

    @property
    def environment(self) -> Path:
        """What the running processes were told, for a command beside them."""
        return self.data / "environment"

    @cached_property
    def sockets(self) -> Path:
        """The folder of both sockets; a short one elsewhere when this path is too long or not plain."""
        here = self.data / "sockets"
        length = len(os.fsencode(here / LONGEST_SOCKET_NAME))
        if length <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(here)):
            return here
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return SHORT_PARENT / f"cantine-{os.getuid()}-{name}"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey"

    def make_folder(self) -> None:
        """Make the data folder."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.getuid() == 0:
            # PostgreSQL runs as another user then and passes through; every file has its own mode.
            self.data.chmod(0o711)

    def make_sockets_folder(self) -> None:
        """Make the folder of the sockets, closed to others."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        foreign = found.st_uid != os.getuid() and os.getuid() != 0
        if foreign or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            raise CannotStart(f"{self.sockets} is not a private folder of yours: remove it and start again.")

    def tidy(self) -> None:
        """Leave nothing outside the data folder."""
        if self.sockets.parent == SHORT_PARENT:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def password(self) -> str:
        """Valkey's password, or nothing before the first start."""
        return self.password_file.read_text().strip() if self.password_file.exists() else ""

    def database_settings(self) -> dict[str, Any]:
        """Django's settings for the embedded database."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": ROLE,
            "PASSWORD": "",
            "HOST": str(self.sockets),
            "PORT": "",
        }

    def database_url(self) -> str:
        """The embedded database as libpq's programs read it."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.sockets))}"

    def broker_url(self) -> str:
        """The embedded Valkey as Celery reads it."""
        return f"redis+socket://:{self.password()}@{self.valkey_socket}?virtual_host=0"

    def cache_url(self) -> str:
        """The embedded Valkey as the cache reads it, in a database beside the broker's."""
        return f"unix://:{self.password()}@{self.valkey_socket}?db=1"
