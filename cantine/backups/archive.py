"""The archive: a tar whose last member lists every other with its SHA-256. No Django here."""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from cantine.backups.errors import BackupFailed

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
FILES = "files/"
PIECE = 1 << 20


@dataclass(frozen=True)
class Part:
    """One member: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What an archive holds, and of what it was made."""

    made_at: str
    postgres: int
    migrations: list[str]
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def files(self) -> list[str]:
        """Names of the stored files, as the storage knows them."""
        return [name.removeprefix(FILES) for name in self.parts if name.startswith(FILES)]

    def written(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """From the archive; raises BackupFailed when it is none of ours."""
        try:
            said: dict[str, Any] = json.loads(content)
            parts = {name: Part(**part) for name, part in said.pop("parts").items()}
            manifest = cls(**said, parts=parts)
        except (ValueError, KeyError, TypeError, AttributeError) as reason:
            raise BackupFailed(f"Its manifest cannot be read: {reason}.") from reason
        if manifest.format != FORMAT:
            raise BackupFailed(f"It has format {manifest.format}, which this version does not know.")
        return manifest


class Hashing:
    """Reads through to another file and hashes what goes by."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.seen, self.size = source, sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.source.read(size)
        self.seen.update(piece)
        self.size += len(piece)
        return piece

    def part(self) -> Part:
        """What went by so far."""
        return Part(self.size, self.seen.hexdigest())


class Writer:
    """Writes an archive beside its final name; it has that name only once it is whole and on the disk."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self.half = path.with_name(f"{path.name}.part")
        descriptor = os.open(self.half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self.raw = os.fdopen(descriptor, "wb")
        self.tar = tarfile.open(fileobj=self.raw, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed below

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Copy `size` bytes in; raises BackupFailed when there are fewer."""
        hashing = Hashing(content)
        try:
            self.tar.addfile(_member(name, size), cast("IO[bytes]", hashing))  # it only reads
        except OSError as reason:
            raise BackupFailed(f"{name} cannot be copied: {reason}.") from reason
        self.manifest.parts[name] = hashing.part()

    def finish(self) -> None:
        """Write the manifest, reach the disk, take the final name."""
        content = self.manifest.written()
        self.tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
        self.tar.close()
        self.raw.flush()
        os.fsync(self.raw.fileno())
        self.raw.close()
        self.half.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def give_up(self) -> None:
        """Leave nothing half made."""
        self.raw.close()
        self.half.unlink(missing_ok=True)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


Take = Callable[[str, IO[bytes]], object]


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of every member, in order; raises what tarfile does where it is not whole."""
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise BackupFailed(f"{path.name}: {member.name} is not a plain file.")
            yield member.name, content


def verify(path: Path) -> Manifest:
    """Read all of an archive and hold it against its manifest; raises BackupFailed where they differ."""
    try:
        manifest, found = _read(path)
    except (OSError, tarfile.TarError) as reason:
        raise BackupFailed(f"{path.name} cannot be read: {reason}.") from reason
    if manifest is None:
        raise BackupFailed(f"{path.name} has no manifest: it was cut off, or is no backup of ours.")
    if DATABASE not in manifest.parts:
        raise BackupFailed(f"{path.name} holds no database.")
    for name in sorted(manifest.parts.keys() | found.keys()):
        if manifest.parts.get(name) != found.get(name):
            raise BackupFailed(f"{path.name}: {name} is not what the manifest says.")
    return manifest


def _read(path: Path) -> tuple[Manifest | None, dict[str, Part]]:
    """The manifest, if there is one, and what each other member really is."""
    manifest: Manifest | None = None
    found: dict[str, Part] = {}
    for name, content in members(path):
        if name in found:
            raise BackupFailed(f"{path.name} holds {name} twice.")
        if name == MANIFEST:
            manifest = Manifest.read(content.read())
            continue
        hashing = Hashing(content)
        while hashing.read(PIECE):
            pass
        found[name] = hashing.part()
    return manifest, found
