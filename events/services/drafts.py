"""What a person writes of an event, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bookings.models import Site, Space
from bookings.period import Period
from events.models import Category
from members.models import User
from members.pictures import StoredPicture

MINE = (
    "title", "summary", "description", "language", "category", "tags", "audience", "site", "where", "space",
    "place_name", "place_address", "online_link", "starts_at", "ends_at", "setup_minutes", "clearing_minutes",
    "capacity", "has_waiting_list", "refund_hours", "visible_from",
)  # fmt: skip
"""The fields of an event that are written as they are."""


@dataclass(frozen=True)
class TicketDraft:
    """A ticket as written; `pk` where there is one already."""

    pricing: str
    price: Decimal = Decimal("0.00")
    name: str = ""
    member_price: Decimal | None = None
    quota: int | None = None
    limit: int = 4
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    pk: int | None = None

    def values(self) -> dict[str, Any]:
        """What the row holds."""
        names = ("pricing", "price", "name", "member_price", "quota", "limit", "opens_at", "closes_at")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class QuestionDraft:
    """A question as written; `pk` where there is one already."""

    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False
    pk: int | None = None


@dataclass(frozen=True)
class Draft:
    """An event as written."""

    title: str
    category: Category
    site: Site
    starts_at: datetime
    ends_at: datetime
    summary: str = ""
    description: str = ""
    language: str = "fr"
    tags: tuple[str, ...] = ()
    audience: str = "public"
    where: str = "room"
    space: Space | None = None
    place_name: str = ""
    place_address: str = ""
    online_link: str = ""
    setup_minutes: int = 30
    clearing_minutes: int = 30
    capacity: int | None = None
    has_waiting_list: bool = True
    refund_hours: int = 24
    visible_from: datetime | None = None
    tickets: tuple[TicketDraft, ...] = (TicketDraft("free"),)
    questions: tuple[QuestionDraft, ...] = ()
    speakers: tuple[tuple[str, str], ...] = ()
    partners: tuple[tuple[str, str], ...] = ()
    organisers: tuple[User, ...] = field(default_factory=tuple)
    picture: StoredPicture | None = None
    picture_alt: str = ""
    drop_picture: bool = False

    @property
    def taken_period(self) -> Period:
        """What its room would be taken for: setting up and clearing included."""
        before, after = timedelta(minutes=self.setup_minutes), timedelta(minutes=self.clearing_minutes)
        return Period(self.starts_at - before, self.ends_at + after)
