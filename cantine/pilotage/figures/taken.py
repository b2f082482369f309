"""How what was taken is read: statements that each go through the occupancies of a period once.

What is open comes with the question, cut at midnight UTC, so that what is taken meets it by group and day
and is not compared with every opening of three years.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from cantine.pilotage.figures.opened import Atom, Opened

OPENED = """
    atom AS MATERIALIZED (
        SELECT * FROM unnest(%(atoms)s::bigint[], %(of_groups)s::int[], %(kinds)s::text[])
            AS atom (id, of_group, kind)
    ), said AS (
        SELECT * FROM unnest(
            %(groups)s::int[], %(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]
        ) AS said (of_group, day, starts, ends)
    ), opened AS MATERIALIZED (
        SELECT of_group, day, on_day::date AS on_day,
            greatest(starts, on_day AT TIME ZONE 'UTC') AS starts,
            least(ends, (on_day + interval '1 day') AT TIME ZONE 'UTC') AS ends
        FROM said, LATERAL generate_series(
            date_trunc('day', starts AT TIME ZONE 'UTC'),
            (ends - interval '1 microsecond') AT TIME ZONE 'UTC',
            interval '1 day'
        ) AS on_day
    )
"""
TAKEN = """
    FROM bookings_occupancy AS occupancy
    JOIN atom ON atom.id = occupancy.atom_id
    JOIN bookings_booking AS booking ON booking.id = occupancy.booking_id
    WHERE occupancy.during && tstzrange(%(from)s, %(until)s)
        AND booking.state = 'confirmed' AND booking.purpose <> 'closure'
"""
ON_DAYS = """
    generate_series(
        (lower({during}) AT TIME ZONE 'UTC')::date - date '2000-01-01',
        ((upper({during}) - interval '1 microsecond') AT TIME ZONE 'UTC')::date - date '2000-01-01'
    ) AS on_day
"""
MEET = """
    opened.of_group = taken.of_group AND opened.on_day = date '2000-01-01' + taken.on_day
        AND taken.starts < opened.ends AND opened.starts < taken.ends
"""
# Half-days and hours repeat: each is read once with how many places it takes, and only then cut.
READ = f"""
    WITH {OPENED}, spans AS MATERIALIZED (
        SELECT atom.of_group, atom.kind, occupancy.during, count(*) AS places {TAKEN} GROUP BY 1, 2, 3
    ), taken AS MATERIALIZED (
        SELECT of_group, kind, places, lower(during) AS starts, upper(during) AS ends,
            {ON_DAYS.format(during="during")}
        FROM spans
    ), months AS (
        SELECT taken.of_group, kind, date_trunc('month', day::timestamp)::date AS month,
            sum((least(taken.ends, opened.ends) - greatest(taken.starts, opened.starts)) * places) AS length
        FROM taken JOIN opened ON {MEET} GROUP BY 1, 2, 3
    ), zone AS (
        SELECT * FROM unnest(%(zone_groups)s::int[], %(zones)s::text[], %(places)s::int[])
            AS zone (of_group, name, places)
    ), cells AS MATERIALIZED (
        SELECT opened.of_group, on_day, zone.places, hour_starts AT TIME ZONE zone.name AS clock,
            greatest(opened.starts, hour_starts) AS starts,
            least(opened.ends, hour_starts + interval '1 hour') AS ends
        FROM opened JOIN zone USING (of_group), LATERAL generate_series(
            date_trunc('hour', opened.starts, zone.name),
            opened.ends - interval '1 microsecond',
            interval '1 hour'
        ) AS hour_starts
        WHERE day >= %(heat_from)s
    ), cells_offered AS (
        SELECT extract(isodow FROM clock)::int AS weekday, extract(hour FROM clock)::int AS hour,
            sum((ends - starts) * places) AS length
        FROM cells GROUP BY 1, 2
    ), cells_taken AS (
        SELECT extract(isodow FROM clock)::int AS weekday, extract(hour FROM clock)::int AS hour,
            sum((least(taken.ends, opened.ends) - greatest(taken.starts, opened.starts)) * taken.places)
                AS length
        FROM taken JOIN cells AS opened ON {MEET} WHERE kind = %(heat_kind)s GROUP BY 1, 2
    )
    SELECT of_group, kind, month, NULL, NULL, length, NULL FROM months
    UNION ALL
    SELECT NULL, NULL, NULL, weekday, hour, coalesce(cells_taken.length, interval '0'), cells_offered.length
    FROM cells_offered LEFT JOIN cells_taken USING (weekday, hour)
"""  # noqa: S608 - constants put together
BY_ATOM = f"""
    WITH {OPENED}, taken AS (
        SELECT atom.id, atom.of_group, lower(occupancy.during) AS starts, upper(occupancy.during) AS ends,
            {ON_DAYS.format(during="occupancy.during")}
        {TAKEN}
    )
    SELECT taken.id, sum(least(taken.ends, opened.ends) - greatest(taken.starts, opened.starts))
    FROM taken JOIN opened ON {MEET} GROUP BY 1
"""  # noqa: S608 - constants put together


def parameters(
    offers: Opened, atoms: Sequence[Atom], *, heat_from: date | None = None, heat_kind: str = ""
) -> dict[str, Any] | None:
    """What the statements above ask for; None where nothing is offered."""
    bounds = offers.bounds
    if bounds is None or not atoms:
        return None
    places = Counter(atom.group for atom in atoms if atom.space.kind == heat_kind)
    return {
        "atoms": [atom.pk for atom in atoms],
        "of_groups": [atom.group for atom in atoms],
        "kinds": [atom.space.kind for atom in atoms],
        "groups": [piece.group for piece in offers.pieces],
        "days": [piece.day for piece in offers.pieces],
        "starts": [piece.period.start for piece in offers.pieces],
        "ends": [piece.period.end for piece in offers.pieces],
        "from": bounds.start,
        "until": bounds.end,
        "heat_from": heat_from or offers.first,
        "heat_kind": heat_kind,
        "zone_groups": list(places),
        "zones": [offers.sites[group].timezone for group in places],
        "places": list(places.values()),
    }
