"""Secrets made once and kept in the data folder, readable by their owner only."""

import os
import secrets
from pathlib import Path


def kept_secret(file: Path, *, size: int = 32, prefix: str = "") -> str:
    """The secret in `file`, made of `prefix` and `size` random bytes the first time."""
    if not file.exists():
        write_private(file, prefix + secrets.token_urlsafe(size))
    return read_secret(file)


def read_secret(file: Path) -> str:
    """The secret in `file`, or nothing when it was never made."""
    return file.read_text().strip() if file.exists() else ""


def write_private(file: Path, text: str) -> None:
    """Write a whole file at once that only its owner reads."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    half.replace(file)
