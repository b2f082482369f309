"""Is an archive what was made? Each file, each link of its chains and the signature, from its bytes alone."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from billing.chain import digest, is_signed, link
from billing.errors import ArchiveNotWhole
from billing.models import TillArchive
from billing.till.archiving import FORMAT, MANIFEST, read_lines

SIGNED = ("closings.jsonl", "payment_events.jsonl")
CHAINED = (*SIGNED, "documents.jsonl")


def verify_archive(source: Path | IO[bytes]) -> dict[str, Any]:
    """Read an archive and give its manifest; raises `ArchiveNotWhole`, saying what is wrong."""
    try:
        with zipfile.ZipFile(source) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest: dict[str, Any] = json.loads(files.pop(MANIFEST))
        wrong = [*_wrong(manifest, files)]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as reason:
        raise ArchiveNotWhole(f"It cannot be read: {reason!r}") from reason
    if wrong:
        raise ArchiveNotWhole("; ".join(wrong[:5]))
    return manifest


def is_as_made(archive: TillArchive) -> bool:
    """Whether the stored file of an archive is, byte for byte, the one that was made."""
    try:
        with archive.file.open("rb") as stored:
            return hashlib.sha256(stored.read()).hexdigest() == archive.sha256
    except OSError:
        return False


def _wrong(manifest: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    signature = manifest.pop("signature")
    if manifest["format"] != FORMAT:
        yield f"format {manifest['format']} is not known"
    if not _is_signed(digest(manifest), signature):
        yield "the manifest is not what was signed"
    if manifest["files"].keys() != files.keys():
        yield "there are other files than the manifest names"
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != manifest["files"].get(name, {}).get("sha256"):
            yield f"{name} is not the file that was made"
    for name in CHAINED:
        for number, row in enumerate(read_lines(files[name]), start=1):
            if row["hash"] != link(row["previous_hash"], row["content"]):
                yield f"{name}, line {number}: its hash is not that of what it says"
            elif name in SIGNED and not _is_signed(row["hash"], row["signature"]):
                yield f"{name}, line {number}: it was not signed"


def _is_signed(hash_: str, signature: str) -> bool:
    keys = (settings.SIGNING_KEY, *settings.SIGNING_KEY_FALLBACKS)
    return any(is_signed(hash_, signature, key) for key in keys)
