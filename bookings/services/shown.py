"""What the booking pages show: plain values, filled by `availability`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from bookings.models import Booking, Site, Space
from bookings.period import Period
from bookings.pricing import Price

WhyOff = Literal["", "past", "far", "closed"]
State = Literal["free", "taken", "mine", "out", "past", "closed"]
BlockState = Literal["taken", "mine", "event", "closed"]


@dataclass(frozen=True)
class SpaceState:
    """One space over the period asked: `features` are equipment labels, `note` says them in one line."""

    space: Space
    state: State
    features: tuple[str, ...] = ()
    feature_codes: frozenset[str] = frozenset()
    note: str = ""
    price: Price | None = None
    reference: str = ""
    is_usual: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it can be chosen."""
        return self.state == "free"


@dataclass(frozen=True)
class DayOff:
    """A day on which nothing can be booked: over, beyond `last`, or closed; `nearest` is one that can."""

    why: WhyOff
    day: date
    last: date
    reason: str = ""
    nearest: date | None = None


@dataclass(frozen=True)
class DayGauge:
    """One day of the strip: `fullness` from 0 to 1, or why it cannot be booked."""

    day: date
    is_open: bool
    fullness: float = 0.0
    free: int = 0
    total: int = 0
    reason: str = ""
    is_today: bool = False
    is_chosen: bool = False

    @property
    def percent(self) -> int:
        """How full it is, in whole percents."""
        return round(self.fullness * 100)


@dataclass(frozen=True)
class HalfChoice:
    """Morning, afternoon or day: `period` is local, None when that half is closed."""

    half: str
    period: Period | None
    price: Price | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class DayPlan:
    """The desks page: `period` is local and None when that half is closed, `reason` then says why."""

    site: Site
    day: date
    half: str
    period: Period | None
    spaces: list[SpaceState]
    free_count: int
    halves: list[HalfChoice]
    strip: list[DayGauge]
    reason: str = ""
    price: Price | None = None
    usual: SpaceState | None = None
    previous_day: date | None = None
    next_day: date | None = None
    is_member: bool = False
    off: DayOff | None = None

    @property
    def desks(self) -> list[SpaceState]:
        """What the list shows."""
        return [state for state in self.spaces if state.space.is_desk]

    @property
    def free(self) -> list[SpaceState]:
        """The desks that can be chosen."""
        return [state for state in self.desks if state.is_free]

    def by_code(self, code: str) -> SpaceState | None:
        """The space of this code."""
        return next((state for state in self.spaces if state.space.code == code), None)

    def by_number(self, number: int) -> SpaceState | None:
        """The desk of this number."""
        return next((state for state in self.desks if state.space.number == number), None)


@dataclass(frozen=True)
class Block:
    """Something in a room's week; times are local."""

    period: Period
    state: BlockState
    reference: str = ""


@dataclass(frozen=True)
class WeekDay:
    """A column of the week grid; `opening` are local periods, empty when closed."""

    day: date
    opening: list[Period]
    blocks: list[Block]
    reason: str = ""
    is_today: bool = False


@dataclass(frozen=True)
class Week:
    """A room's week: `first_hour` and `last_hour` bound the grid (24 and more is past midnight)."""

    site: Site
    space: Space
    monday: date
    days: list[WeekDay]
    first_hour: int
    last_hour: int
    previous_monday: date | None = None
    next_monday: date | None = None


@dataclass(frozen=True)
class Offer:
    """A space free for a local period, and its price for the person who asked."""

    space: Space
    period: Period
    price: Price | None = None


@dataclass(frozen=True)
class Terms:
    """What cancelling now costs: euros including VAT; `free_until` is local to the site."""

    free_until: datetime
    kept: Decimal
    refunded: Decimal

    @property
    def is_free(self) -> bool:
        """Whether nothing is kept."""
        return self.kept == 0


@dataclass(frozen=True)
class Hit:
    """A booking that a closure displaces, and what is proposed: another space, or its money back."""

    booking: Booking
    proposal: Space | None = None
    refunded: Decimal = Decimal("0.00")


@dataclass
class ClosurePreview:
    """Everything a closure would touch."""

    site: Site
    space: Space | None
    period: Period
    hits: list[Hit] = field(default_factory=list)

    @property
    def moved(self) -> list[Hit]:
        """Those that find another place."""
        return [hit for hit in self.hits if hit.proposal]

    @property
    def cancelled(self) -> list[Hit]:
        """Those that are given their money back."""
        return [hit for hit in self.hits if not hit.proposal]
