"""What the plan of a day is made of, read in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from bookings.models import Site
from bookings.opening import DAY, HALVES, MORNING
from bookings.period import Period
from bookings.services.availability.taken import TAKEN, Taken, taken
from bookings.services.premises import Premises
from bookings.services.rules import Person, Rules, of_premises

# Written out: composing these took longer than running them (see services/rules.py).
# What overlaps one of the days lies within them all, which is said too: a planner that begins with the desks
# would read all that each was ever taken.
USED = """
SELECT asked.rank, sum(extract(epoch FROM upper(part) - lower(part))), count(DISTINCT atom_id)
FROM unnest(%s::tstzrange[]) WITH ORDINALITY AS asked(during, rank)
JOIN bookings_occupancy taken ON taken.during && %s::tstzrange AND taken.during && asked.during
JOIN bookings_space atom ON atom.id = taken.atom_id
JOIN bookings_booking booking ON booking.id = taken.booking_id
CROSS JOIN LATERAL (SELECT taken.during * asked.during AS part) AS shared
WHERE atom.site_id = %s AND atom.kind = 'desk' AND atom.is_active
  AND (booking.state = 'confirmed' OR booking.held_until > %s)
GROUP BY asked.rank ORDER BY asked.rank
"""
ROWS = "ARRAY(SELECT row_to_json(each) FROM ({}) AS each)"
BOTH = f"SELECT {ROWS.format(TAKEN)}, {ROWS.format(USED)}"


@dataclass(frozen=True)
class DayRead:
    """All that a day's plan depends on, by value: two that are equal make the same plan.

    `now` is the minute (UTC); `used` says seconds taken and desks touched of the days of the strip.
    """

    premises: Premises
    site: Site
    day: date
    half: str
    strip: tuple[date, ...]
    now: datetime
    is_member: bool = False
    usual_id: int | None = None
    taken: tuple[Taken, ...] = ()
    used: tuple[tuple[date, float, int], ...] = ()

    @property
    def rules(self) -> Rules:
        """Hours and prices of the site for this person."""
        return of_premises(self.premises, self.site, is_member=self.is_member, usual_id=self.usual_id)


def read_day(
    rules: Rules,
    *,
    day: date,
    half: str,
    user: Person,
    now: datetime,
    strip_from: date,
    strip_days: int,
) -> DayRead:
    """Read what `plan_of` needs; `rules` are this person's, the rest is as in `day_plan`. One query."""
    half = half if half in HALVES else MORNING
    strip = tuple(strip_from + timedelta(days=offset) for offset in range(strip_days))
    site, opening = rules.site, rules.opening(day)
    shown = opening.half(half) or opening.whole
    found, used = _taken_and_used(shown, site=site, user=user, wholes=wholes_of(rules, strip, now), now=now)
    return DayRead(
        premises=rules.premises,
        site=site,
        day=day,
        half=half,
        strip=strip,
        now=now.astimezone(UTC).replace(second=0, microsecond=0),
        is_member=rules.is_member,
        usual_id=rules.usual_id,
        taken=found,
        used=used,
    )


def wholes_of(rules: Rules, days: Sequence[date], now: datetime) -> dict[date, Period]:
    """The days that can be booked, with their opening from morning to evening."""
    today = now.astimezone(rules.site.zone).date()
    last = today + timedelta(days=rules.site.horizon_days)
    found = {
        day: opening.half(DAY) or opening.whole
        for day in days
        if today <= day <= last and (opening := rules.opening(day)).is_open
    }
    return {day: whole for day, whole in found.items() if whole}


def desk_time(
    site: Site, wholes: Mapping[date, Period], now: datetime
) -> tuple[tuple[date, float, int], ...]:
    """Day by day the seconds of desks taken within its opening, and the desks touched; one query."""
    if not wholes:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(USED, _asked(site, wholes, now))
        return _by_day(wholes, cursor.fetchall())


def _taken_and_used(
    shown: Period | None, *, site: Site, user: Person, wholes: Mapping[date, Period], now: datetime
) -> tuple[tuple[Taken, ...], tuple[tuple[date, float, int], ...]]:
    """What `taken_in` and `_desk_time` read, in one query."""
    if shown is None:
        return (), desk_time(site, wholes, now)
    with connection.cursor() as cursor:
        cursor.execute(BOTH, [shown.range, site.pk, now, *_asked(site, wholes, now)])
        rows, used = cursor.fetchone()
    found = (
        taken((atom, datetime.fromisoformat(starts), datetime.fromisoformat(ends), *more), user)
        for atom, starts, ends, *more in (each.values() for each in rows)
    )
    return tuple(found), _by_day(wholes, (each.values() for each in used))


def _asked(site: Site, wholes: Mapping[date, Period], now: datetime) -> list[Any]:
    """The parameters of `USED`."""
    periods = wholes.values()
    days = [_written(each.start, each.end) for each in periods]
    together = "empty"
    if periods:
        together = _written(min(each.start for each in periods), max(each.end for each in periods))
    return [days, together, site.pk, now]


def _written(start: datetime, end: datetime) -> str:
    return f"[{start.isoformat()},{end.isoformat()})"


def _by_day(
    wholes: Mapping[date, Period], rows: Iterable[Iterable[Any]]
) -> tuple[tuple[date, float, int], ...]:
    days = list(wholes)
    return tuple((days[rank - 1], float(seconds), desks) for rank, seconds, desks in rows)
