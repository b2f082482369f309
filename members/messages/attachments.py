"""The registry of attachments: "ics:booking:17" becomes bytes when the message is sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attachment:
    """A file to attach; `parameters` are added to its content type (`method=REQUEST` for a calendar)."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"
    parameters: dict[str, str] = field(default_factory=dict)


Loader = Callable[[str], Attachment | None]


class NotReady(Exception):
    """An attachment is still being made: the message waits for it, which is no failure."""


class UnknownAttachment(LookupError):
    """A message names an attachment kind that no app registered."""


_loaders: dict[str, Loader] = {}


def register(kind: str, loader: Loader) -> None:
    """Declare a kind of attachment; called from `apps.py:ready`.

    `loader` gets what follows "kind:" in the reference; it returns the file, or None when it is not ready.
    """
    if kind in _loaders and _loaders[kind] is not loader:
        raise ValueError(f"The attachment kind {kind} is registered twice.")
    _loaders[kind] = loader


def load(references: Iterable[str]) -> list[Attachment]:
    """Load every attachment of a message; raises `NotReady` if one is not made yet."""
    files = []
    for reference in references:
        kind, _, rest = reference.partition(":")
        if kind not in _loaders:
            raise UnknownAttachment(reference)
        attachment = _loaders[kind](rest)
        if attachment is None:
            raise NotReady(reference)
        files.append(attachment)
    return files
