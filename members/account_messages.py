"""The e-mails of accounts: codes, and word of what changed."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from members.messages import kinds

WITH_CODE = ("email_confirmation_signup", "email_confirmation", "login_code", "password_reset_code")
OTHERS = (
    "account_already_exists",
    "unknown_account",
    "password_reset",
    "password_changed",
    "password_set",
    "email_changed",
    "email_confirm",
    "email_deleted",
)


def load_code(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give the code, unless it can no longer be used."""
    if "code" not in ids or datetime.fromisoformat(ids["expires"]) <= timezone.now():
        return None
    return ids


def load_word(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give what the notice says."""
    return ids


def register() -> None:
    """Declare every e-mail of accounts; those with a code are wiped once sent."""
    for name in WITH_CODE:
        kinds.register(f"account/{name}", load_code, secret=True)
    for name in OTHERS:
        kinds.register(f"account/{name}", load_word)
