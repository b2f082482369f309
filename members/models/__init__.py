"""People and what is kept of them."""

from members.models.consent import Consent
from members.models.ecosystem import (
    Agglomeration,
    ListingConsent,
    OrganisationFact,
    OrganisationProfile,
    Sector,
)
from members.models.invitation import Invitation
from members.models.list_read import StaffListRead
from members.models.membership import Membership
from members.models.message import Message
from members.models.notice import Notice, Reply, Report
from members.models.organisation import Affiliation, Organisation
from members.models.page import Page
from members.models.preferences import OptOut, Preferences
from members.models.privacy import Closing, DataRequest, StaffRead
from members.models.profile import Profile
from members.models.user import User

__all__ = [
    "Affiliation",
    "Agglomeration",
    "Closing",
    "Consent",
    "DataRequest",
    "Invitation",
    "ListingConsent",
    "Membership",
    "Message",
    "Notice",
    "OptOut",
    "Organisation",
    "OrganisationFact",
    "OrganisationProfile",
    "Page",
    "Preferences",
    "Profile",
    "Reply",
    "Report",
    "Sector",
    "StaffListRead",
    "StaffRead",
    "User",
]
