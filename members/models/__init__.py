"""People and what is kept of them."""

from members.models.user import User

__all__ = ["User"]
