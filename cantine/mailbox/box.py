"""The files of the mailbox: one .eml for each e-mail, the newest last by name."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from itertools import takewhile
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"\A\d{19,20}-[0-9a-f]{8}\Z")
SHOWN = 200
"""How many e-mails the list shows; KEPT is how many stay on disk."""
KEPT = 5000


def folder() -> Path:
    """Give the folder of the mailbox, made if need be; codes lie there, so it is closed to others."""
    path = Path(settings.DATA_DIR) / "courrier"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@dataclass(frozen=True)
class Letter:
    """An e-mail kept."""

    name: str
    mail: EmailMessage

    @property
    def received(self) -> datetime:
        """When it was written down."""
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9).astimezone()

    @property
    def text(self) -> str:
        """The text part."""
        part = self.mail.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def html(self) -> str:
        """The HTML part."""
        part = self.mail.get_body(("html",))
        return str(part.get_content()) if part else ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header, in order."""
        return [(name, str(value)) for name, value in self.mail.items()]

    @property
    def files(self) -> list[EmailMessage]:
        """The attachments."""
        return list(self.mail.iter_attachments())

    @property
    def file_names(self) -> list[str]:
        """What the attachments are called (a template would ask the part for a header of that name)."""
        return [file.get_filename() or f"piece-{number}" for number, file in enumerate(self.files, 1)]


def put(content: bytes) -> None:
    """Write an e-mail down, whole or not at all, and forget the oldest beyond KEPT."""
    place = folder()
    name = f"{time.time_ns()}-{secrets.token_hex(4)}"
    draft = place / f".{name}"
    draft.write_bytes(content)
    draft.rename(place / f"{name}.eml")
    for old in sorted(place.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


def newest(to: str = "") -> list[Letter]:
    """Read the newest e-mails, all or those to one address."""
    letters = []
    for path in sorted(folder().glob("*.eml"), reverse=True)[:SHOWN]:
        letter = None if to and to.lower() not in receiver(path) else read(path.stem)
        if letter:
            letters.append(letter)
    return letters


def receiver(path: Path) -> str:
    """To whom a file of the mailbox goes, by its head alone: most of it may be attachments."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        head: Iterator[bytes] = takewhile(bytes.strip, file)
        return str(BytesHeaderParser(policy=policy.default).parsebytes(b"".join(head))["To"]).lower()
    return ""


def read(name: str) -> Letter | None:
    """Read one e-mail by its name; None when there is none."""
    path = folder() / f"{name}.eml"
    if not NAME.match(name) or not path.is_file():
        return None
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Letter(name, mail)
