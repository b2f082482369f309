"""What directory and help board keep of a person, for the registry of personal data."""

from typing import Any

from members.models import User
from members.services import notices, profiles


def export_directory(user: User) -> dict[str, Any]:
    """Their profile, notices, replies and reports."""
    return {"profile": profiles.export_profile(user), **notices.export_notices(user)}


def erase_directory(user: User) -> None:
    """Step: forget all of it; safe to repeat."""
    notices.erase_notices(user)
    profiles.erase_profile(user)
