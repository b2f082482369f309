"""Which rooms are free when an event would take them, and what their day looks like; one query for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bookings.models import Site, Space
from bookings.period import Period, at, merged
from bookings.services.availability.taken import Taken, by_atom, over, taken_in
from events.models import Event, EventRoom

FROM, TO = time(7), time(0)
"""The part of a day that is told: evenings are when events are."""


@dataclass(frozen=True)
class RoomTimes:
    """A room on a day: `is_free` for the asked period (None where none is), and its free times, local."""

    space: Space
    is_free: bool | None
    free: Sequence[Period]
    taken: Sequence[Period]


def room_times(
    *,
    site: Site,
    spaces: Sequence[Space],
    day: date,
    asked: Period | None,
    now: datetime,
    without: Event | None = None,
) -> list[RoomTimes]:
    """Tell each room's day; what `without` holds itself counts as free."""
    whole = Period(at(day, FROM, site.zone), at(day + timedelta(days=1), TO, site.zone))
    read = (
        whole if asked is None else Period(min(whole.start, asked.utc.start), max(whole.end, asked.utc.end))
    )
    own = set(EventRoom.objects.filter(event=without).values_list("booking", flat=True)) if without else set()
    rows = [row for row in taken_in(read, site=site, user=None, now=now) if row.booking_id not in own]
    taken = by_atom(rows)
    return [_room(space, whole, asked, taken, site) for space in spaces]


def _room(
    space: Space, whole: Period, asked: Period | None, taken: dict[int, list[Taken]], site: Site
) -> RoomTimes:
    blocks = merged(row.period for row in over(space, whole, taken))
    return RoomTimes(
        space=space,
        is_free=None if asked is None else not over(space, asked, taken),
        free=[each.local(site.zone) for each in whole.minus(blocks)],
        taken=[each.local(site.zone) for each in blocks],
    )
