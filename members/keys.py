"""Keys of private links: whoever has one comes in."""

import secrets


def new_key() -> str:
    """Make a key for a private link, which nobody guesses (192 bits)."""
    return secrets.token_urlsafe(24)
