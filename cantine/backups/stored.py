"""The files beside the database: whatever the storage of private files holds."""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

from cantine.backups.archive import PIECE, Part


def names(folder: str = "") -> Iterator[str]:
    """Every file of the storage, folder by folder, in order."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    below = f"{folder}/" if folder else ""
    yield from (f"{below}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from names(f"{below}{name}")


def part_of(name: str) -> Part | None:
    """Size and SHA-256 of a stored file; None when there is none of this name."""
    try:
        with default_storage.open(name, "rb") as stored:
            seen, size = sha256(), 0
            while piece := stored.read(PIECE):
                seen.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return None
    return Part(size, seen.hexdigest())


def write(name: str, content: IO[bytes]) -> None:
    """Put a file in its place, in the place of another of this name; raises OSError when it gets another."""
    default_storage.delete(name)
    kept = default_storage.save(name, File(content, name=name))
    if kept != name:
        raise OSError(f"{name} was kept as {kept}")
