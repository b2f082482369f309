"""People and what is kept of them."""

from members.models.membership import Membership
from members.models.message import Message
from members.models.notice import Notice, Reply, Report
from members.models.organisation import Affiliation, Organisation
from members.models.page import Page
from members.models.privacy import Closing, DataRequest, StaffRead
from members.models.profile import Profile
from members.models.user import User

__all__ = [
    "Affiliation",
    "Closing",
    "DataRequest",
    "Membership",
    "Message",
    "Notice",
    "Organisation",
    "Page",
    "Profile",
    "Reply",
    "Report",
    "StaffRead",
    "User",
]
