"""Small secrets that the database keeps and its archives must not tell: sealed with a key that is in neither.

The key comes from SIGNING_KEY, which is kept elsewhere with those before it for ten years: what was sealed
with one of them is still read.
"""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SEALED = "sealed:"
"""How a sealed text begins; neither a secret in base 32 nor a seed in hexadecimal can."""
PURPOSE = b"la cantine numerique: secrets of second factors, 1"


class OtherKey(RuntimeError):
    """What is sealed was sealed with another SIGNING_KEY than this one and its fallbacks."""


def seal(text: str) -> str:
    """The text as it may be kept."""
    return SEALED + _keys().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """The text again; what was kept in clear before there were seals is read as it is.

    Raises `OtherKey`.
    """
    if not kept.startswith(SEALED):
        return kept
    try:
        return _keys().decrypt(kept.removeprefix(SEALED)).decode()
    except InvalidToken as reason:
        raise OtherKey(
            "A second factor was sealed with another SIGNING_KEY: put that one into SIGNING_KEY_FALLBACKS."
        ) from reason


def _keys() -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hmac.digest(key.encode(), PURPOSE, sha256)))
        for key in (settings.SIGNING_KEY, *settings.SIGNING_KEY_FALLBACKS)
    )
