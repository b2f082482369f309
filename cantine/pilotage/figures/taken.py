"""How what was taken is read: two statements, each of which reads the occupancies of a period once."""

from collections.abc import Iterable
from typing import Any

from cantine.pilotage.figures.opened import Opened

# What is open, cut at midnight UTC, so that what is taken meets it by group and day (a hash join) and not by
# comparing it with every piece of three years.
OPENED = """
    atom AS MATERIALIZED (
        SELECT * FROM unnest(%(atoms)s::bigint[], %(of_groups)s::int[]) AS atom (id, of_group)
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
    )
"""
MONTHS = f"""
    WITH {OPENED}, taken AS (
        SELECT atom.id, atom.of_group, lower(during) AS starts, upper(during) AS ends,
            {ON_DAYS.format(during="during")} AS on_day
        {TAKEN}
    )
    SELECT taken.id, date_trunc('month', opened.day)::date,
        sum(least(taken.ends, opened.ends) - greatest(taken.starts, opened.starts))
    FROM taken JOIN opened
        ON opened.of_group = taken.of_group AND opened.on_day = date '2000-01-01' + taken.on_day
    WHERE taken.starts < opened.ends AND opened.starts < taken.ends
    GROUP BY 1, 2
"""  # noqa: S608 - constants put together
# Half-days and hours repeat: each is read once with how many desks it takes, and only then cut into hours.
HOURS = f"""
    WITH {OPENED}, spans AS MATERIALIZED (
        SELECT atom.of_group, during, count(*) AS desks {TAKEN} GROUP BY 1, 2
    ), zone AS (
        SELECT * FROM unnest(%(zone_groups)s::int[], %(zones)s::text[], %(desks)s::int[])
            AS zone (of_group, name, desks)
    ), cells AS MATERIALIZED (
        SELECT opened.of_group, on_day, zone.desks, hour_starts AT TIME ZONE zone.name AS clock,
            greatest(opened.starts, hour_starts) AS starts,
            least(opened.ends, hour_starts + interval '1 hour') AS ends
        FROM opened JOIN zone USING (of_group), LATERAL generate_series(
            date_trunc('hour', opened.starts, zone.name),
            opened.ends - interval '1 microsecond',
            interval '1 hour'
        ) AS hour_starts
    ), offered AS (
        SELECT extract(isodow FROM clock)::int AS weekday, extract(hour FROM clock)::int AS hour,
            sum((ends - starts) * desks) AS length
        FROM cells GROUP BY 1, 2
    ), on_days AS (
        SELECT of_group, desks, lower(during) AS starts, upper(during) AS ends,
            {ON_DAYS.format(during="during")} AS on_day
        FROM spans
    ), taken AS (
        SELECT extract(isodow FROM clock)::int AS weekday, extract(hour FROM clock)::int AS hour,
            sum((least(on_days.ends, cells.ends) - greatest(on_days.starts, cells.starts)) * on_days.desks)
                AS length
        FROM on_days JOIN cells
            ON cells.of_group = on_days.of_group AND cells.on_day = date '2000-01-01' + on_days.on_day
        WHERE on_days.starts < cells.ends AND cells.starts < on_days.ends
        GROUP BY 1, 2
    )
    SELECT weekday, hour, coalesce(taken.length, interval '0'), offered.length
    FROM offered LEFT JOIN taken USING (weekday, hour)
"""  # noqa: S608 - constants put together


def parameters(offers: Opened, atoms: Iterable[tuple[int, int]]) -> dict[str, Any] | None:
    """What the statements above ask for; None where nothing is offered."""
    bounds, found = offers.bounds, list(atoms)
    if bounds is None or not found:
        return None
    return {
        "atoms": [atom for atom, _group in found],
        "of_groups": [group for _atom, group in found],
        "groups": [piece.group for piece in offers.pieces],
        "days": [piece.day for piece in offers.pieces],
        "starts": [piece.period.start for piece in offers.pieces],
        "ends": [piece.period.end for piece in offers.pieces],
        "from": bounds.start,
        "until": bounds.end,
    }
