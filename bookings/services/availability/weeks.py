"""A room's week on a grid. Two queries."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.models import Booking, Site, Space
from bookings.opening import Opening
from bookings.period import Period, at
from bookings.services import rules as reading
from bookings.services.availability.taken import Taken, taken_in
from bookings.services.rules import Person, atoms_of
from bookings.services.shown import Block, BlockState, Week, WeekDay

DEFAULT_HOURS = (9, 18)
WORDS: dict[str, BlockState] = {
    Booking.Purpose.EVENT: "event",
    Booking.Purpose.CLOSURE: "closed",
}


def week(*, site: Site, space: Space, monday: date, user: Person, now: datetime) -> Week:
    """One room's week, with any booking on any of its atoms."""
    zone, days = site.zone, [monday + timedelta(days=offset) for offset in range(7)]
    rules = reading.of_site(site)
    shown = Period(at(days[0], time(0), zone), at(days[-1] + timedelta(days=2), time(0), zone))
    atoms = set(atoms_of(space))
    taken = [row for row in taken_in(shown, site=site, user=user, now=now) if row.atom_id in atoms]
    openings = [rules.opening(day, space) for day in days]
    today = now.astimezone(zone).date()
    first_hour, last_hour = _bounds(openings, zone)
    return Week(
        site=site,
        space=space,
        monday=monday,
        days=[_column(opening, taken, zone, today) for opening in openings],
        first_hour=first_hour,
        last_hour=last_hour,
        previous_monday=monday - timedelta(days=7)
        if monday > today - timedelta(days=today.weekday())
        else None,
        next_monday=monday + timedelta(days=7)
        if monday + timedelta(days=7) <= today + timedelta(days=site.horizon_days)
        else None,
    )


def _column(opening: Opening, taken: Iterable[Taken], zone: ZoneInfo, today: date) -> WeekDay:
    whole = opening.whole
    blocks = [] if whole is None else _blocks(whole, taken, zone)
    return WeekDay(
        day=opening.day,
        opening=[each.local(zone) for each in opening.periods],
        blocks=blocks,
        reason=opening.reason,
        is_today=opening.day == today,
    )


def _blocks(whole: Period, taken: Iterable[Taken], zone: ZoneInfo) -> list[Block]:
    """What is taken within `whole`, clipped to it; a booking on two atoms is one block."""
    found: dict[int, Block] = {}
    for row in taken:
        if not row.period.overlaps(whole):
            continue
        clipped = Period(max(row.period.utc.start, whole.start), min(row.period.utc.end, whole.end))
        word: BlockState = "mine" if row.is_mine else WORDS.get(row.purpose, "taken")
        found[row.booking_id] = Block(clipped.local(zone), word, row.reference if row.is_mine else "")
    return sorted(found.values(), key=lambda block: block.period.utc)


def _bounds(openings: Iterable[Opening], zone: ZoneInfo) -> tuple[int, int]:
    """The first and last whole hours of the grid; past midnight counts on from 24."""
    wholes = [(opening.day, opening.whole.local(zone)) for opening in openings if opening.whole]
    if not wholes:
        return DEFAULT_HOURS
    first = min(whole.start.hour for _day, whole in wholes)
    ends = [
        (whole.end.date() - day).days * 24 + whole.end.hour + (whole.end.minute > 0) for day, whole in wholes
    ]
    return first, max(ends)
