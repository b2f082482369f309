"""Rooms on a time line: geometry in the units of an SVG, so that the template only prints."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest

from bookings.models import Booking, Space
from bookings.period import Period
from cantine.gestion.arrivals import names_of
from cantine.gestion.day import SiteDay
from members.formats import hour, hours
from members.texts import initials

WIDTH, LEFT, TOP, ROW = 1012, 104, 30, 34
LETTER = 6.7
"""The width of a letter of the block's words, about: wide enough that words never leave their block."""


@dataclass(frozen=True)
class Block:
    """A booking on its row; `beside`: its words stand after it because it is too short.

    `words` are the initials of `who` where another booking follows too soon for the name.
    """

    x: float
    y: float
    w: float
    kind: str
    words: str
    beside: bool
    when: str
    who: str

    @property
    def words_x(self) -> float:
        """Where its words begin."""
        return self.x + self.w + 7 if self.beside else self.x + 9


@dataclass(frozen=True)
class Row:
    """One room."""

    name: str
    y: float
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Tick:
    """One hour."""

    x: float
    words: str


@dataclass(frozen=True)
class Timeline:
    """What the template draws."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    height: float
    now_x: float | None
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP
    block: int = ROW - 6


def timeline(day: SiteDay, *, now: datetime, language: str) -> Timeline | None:
    """Lay the rooms of a day out; None when the site has none."""
    rooms = day.rooms
    if not rooms:
        return None
    span = span_of(day)
    scale = scale_of(span)
    rows = tuple(
        Row(
            room.short,
            TOP + index * ROW,
            blocks_of(day, room, span=span, y=TOP + index * ROW, language=language),
        )
        for index, room in enumerate(rooms)
    )
    now_x = LEFT + (now - span.start) / timedelta(hours=1) * scale if span.start <= now < span.end else None
    return Timeline(rows, ticks_of(span, scale, day, language), TOP + len(rooms) * ROW, now_x)


def span_of(day: SiteDay) -> Period:
    """From the first hour shown to the last: opening hours, and what goes beyond them."""
    zone = day.site.zone
    start, end = (day.opening.whole or default_span(day)).start, (day.opening.whole or default_span(day)).end
    for room in day.rooms:
        for booking in day.of(room):
            if booking.purpose != Booking.Purpose.CLOSURE:
                start, end = min(start, booking.during.lower), max(end, booking.during.upper)
    first = start.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    last = end.astimezone(zone)
    if last.minute or last.second:
        last = last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return Period(first, last).utc


def default_span(day: SiteDay) -> Period:
    """From nine to six, for a day without hours."""
    morning = datetime.combine(day.day, datetime.min.time(), tzinfo=day.site.zone)
    return Period(morning.replace(hour=9), morning.replace(hour=18))


def scale_of(span: Period) -> float:
    """How wide an hour is."""
    return (WIDTH - LEFT - 12) / span.hours


def blocks_of(day: SiteDay, room: Space, *, span: Period, y: float, language: str) -> tuple[Block, ...]:
    """The bookings of one room."""
    found, scale = [], scale_of(span)
    for booking in day.of(room):
        start, end = max(booking.during.lower, span.start), min(booking.during.upper, span.end)
        if start >= end:
            continue
        x = LEFT + (start - span.start) / timedelta(hours=1) * scale
        w = (end - start) / timedelta(hours=1) * scale
        words = words_of(booking)
        local = booking.period.local(day.site.zone)
        beside = len(words) * LETTER + 14 > w
        found.append(
            Block(
                round(x, 1),
                y,
                round(w, 1),
                kind_of(booking),
                words,
                beside,
                hours(local.start, local.end, language),
                words,
            )
        )
    return tuple(shortened(block, following) for block, following in zip_longest(found, found[1:]))


def shortened(block: Block, following: Block | None) -> Block:
    """Initials in a block that is too short for a name, where what follows leaves no room beside it."""
    if not block.beside or following is None:
        return block
    if block.words_x + len(block.words) * LETTER <= following.x:
        return block
    return replace(block, words=initials(block.who), beside=False)


def words_of(booking: Booking) -> str:
    """Who, or why."""
    if booking.purpose == Booking.Purpose.CLOSURE:
        return booking.closure.reason if booking.closure else str(booking.get_purpose_display())
    return names_of(booking)[0]


def kind_of(booking: Booking) -> str:
    """How it is drawn."""
    if booking.purpose in {Booking.Purpose.EVENT, Booking.Purpose.CLOSURE}:
        return str(booking.purpose)
    return "held" if booking.state == Booking.State.HELD else "taken"


def ticks_of(span: Period, scale: float, day: SiteDay, language: str) -> tuple[Tick, ...]:
    """The hours along the top."""
    count = int(span.hours)
    marks = ((step, span.start + timedelta(hours=step)) for step in range(count + 1))
    return tuple(
        Tick(round(LEFT + step * scale, 1), hour(when.astimezone(day.site.zone), language))
        for step, when in marks
    )
