"""What « Aujourd'hui » shows to someone signed in: plain values, drawn by templates/home/today.html."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bookings.services.shown import DayGauge


@dataclass(frozen=True, kw_only=True)
class NextBooking:
    """The ticket: the next place that is theirs, with how to get in."""

    day: date
    start: datetime
    end: datetime
    name: str
    href: str
    is_today: bool = False
    soon: str = ""
    """« dans 20 min », for a booking of today."""
    detail: str = ""
    door: str = ""
    door_code: str = ""
    wifi_name: str = ""
    wifi_password: str = ""
    arrive_url: str = ""
    """Where « Signaler mon arrivée » is POSTed; empty when it is too early or already said."""
    locator: Any = None
    """What templates/bookings/_locator.html draws; None leaves the corner free."""


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What is still to pay, and where."""

    amount: Decimal
    what: str
    href: str
    until: datetime | None = None
    """For a place that is held: when it goes."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who is here and shows it."""

    name: str
    initials: str
    place: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Carnet:
    """What is left of the prepaid units."""

    left: int
    until: date
    discs: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Usual:
    """The usual desk again, in one tap: the fields are POSTed as they are."""

    title: str
    note: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the three steps of a first visit."""

    title: str
    note: str = ""
    href: str = ""
    is_done: bool = False


@dataclass(frozen=True, kw_only=True)
class Today:
    """The whole page. What is empty is left out; without a booking the empty plate stands for the ticket."""

    day: date
    booking: NextBooking | None = None
    reserve_href: str = ""
    """Where a desk is chosen: at the site of what else is shown, on the next day one may come."""
    report_href: str = ""
    """Where one says that something is wrong at that site."""
    free_today: int | None = None
    free_tomorrow: int | None = None
    free_ahead: DayGauge | None = None
    """The next day one may come, today while it is not over: told of when neither today nor tomorrow is."""
    carnet: Carnet | None = None
    owed: Owed | None = None
    held: Owed | None = None
    """A place that waits for its payment."""
    rules: str = ""
    """How the house rules are asked about, of someone who comes here and has not agreed to them."""
    around_count: int = 0
    around: list[Person] = field(default_factory=list)
    """Who is here and shows it, told to whoever comes here too; others read their number only."""
    shares_presence: bool = True
    usual: Usual | None = None
    steps: list[Step] = field(default_factory=list)
    """On a first visit these take the place of carnet and debts."""
    menu: list[tuple[str, str, str]] = field(default_factory=list)
    """The slate « Au menu aujourd'hui »: name, line below, hour."""
    events: list[Any] = field(default_factory=list)
    """The next events, as events/_row.html draws them."""
    card: list[tuple[str, str, str]] = field(default_factory=list)
    """The slate « La carte », while nothing is on the menu: name, line below, price."""
