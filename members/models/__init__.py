"""People and what is kept of them."""

from members.models.membership import Membership
from members.models.message import Message
from members.models.organisation import Affiliation, Organisation
from members.models.page import Page
from members.models.user import User

__all__ = ["Affiliation", "Membership", "Message", "Organisation", "Page", "User"]
