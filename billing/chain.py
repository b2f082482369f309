"""Canonical JSON, hashes and signatures: what makes a chain of records verifiable. Pure."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write `content` in its one canonical form: sorted keys, no spaces, UTF-8, decimals as text."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return text.encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def link(previous: str, content: Mapping[str, Any]) -> str:
    """Hash one link of a chain: SHA-256(previous ‖ canonical JSON) (billing.md §5)."""
    return hashlib.sha256(previous.encode() + canonical(content)).hexdigest()


def sign(digest_: str, key: str) -> str:
    """Sign a hash with a key kept outside the database: HMAC-SHA-256, in hexadecimal."""
    return hmac.new(key.encode(), digest_.encode(), hashlib.sha256).hexdigest()


def key_name(key: str) -> str:
    """A name for a key, which tells nothing of it: eight digits."""
    return sign("name of this key", key)[:8]


def is_signed(digest_: str, signature: str, key: str) -> bool:
    """Check a signature, in constant time."""
    return hmac.compare_digest(sign(digest_, key), signature)
