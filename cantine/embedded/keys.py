"""Secrets made once and kept in the data folder, readable by their owner only."""

import os
import secrets
from pathlib import Path


def kept_secret(file: Path, *, size: int = 32) -> str:
    """The secret in `file`, made of `size` random bytes the first time."""
    if not file.exists():
        half = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(size))
        half.replace(file)
    return file.read_text().strip()


def read_secret(file: Path) -> str:
    """The secret in `file`, or nothing when it was never made."""
    return file.read_text().strip() if file.exists() else ""
