"""What events came to: how many, who was expected, who came, who gave their time. Counts only.

An event counts when it is published and begins in the period. Expected are the seats of confirmed
registrations, those taken at the door among them; came are the seats checked in. The rate is over events
where somebody was checked in: where nobody kept the door, nobody knows. Volunteers wrote an event that
took place, helped to organise it or noted arrivals there; the staff is not among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.db import connection

from bookings.models import Site
from bookings.period import at
from events.models import Category

READ = """
    WITH place AS (
        SELECT * FROM unnest(
            %(sites)s::bigint[], %(zones)s::text[], %(starts)s::timestamptz[], %(untils)s::timestamptz[]
        ) AS place (id, zone, starts, until)
    ), held AS MATERIALIZED (
        SELECT event.id, event.category_id, event.created_by_id,
            date_trunc('month', event.starts_at AT TIME ZONE place.zone)::date AS month
        FROM events_event AS event JOIN place ON place.id = event.site_id
        WHERE event.state = 'published' AND event.starts_at >= place.starts AND event.starts_at < place.until
    ), seats AS MATERIALIZED (
        SELECT registration.event_id, count(*) AS expected, count(attendance.id) AS came
        FROM events_seat AS seat
        JOIN events_registration AS registration ON registration.id = seat.registration_id
        JOIN held ON held.id = registration.event_id
        LEFT JOIN events_attendance AS attendance ON attendance.seat_id = seat.id
        WHERE registration.state = 'confirmed' GROUP BY 1
    ), gave AS (
        SELECT month, created_by_id AS person FROM held
        UNION SELECT month, organiser.user_id
        FROM events_organiser AS organiser JOIN held ON held.id = organiser.event_id
        UNION SELECT month, attendance.by_id
        FROM events_attendance AS attendance
        JOIN events_seat AS seat ON seat.id = attendance.seat_id
        JOIN events_registration AS registration ON registration.id = seat.registration_id
        JOIN held ON held.id = registration.event_id
    ), volunteer AS (
        SELECT month, person FROM gave JOIN members_user AS account ON account.id = person WHERE NOT is_staff
    )
    SELECT month, category_id, count(*), coalesce(sum(expected), 0)::int, coalesce(sum(came), 0)::int,
        coalesce(sum(expected) FILTER (WHERE came > 0), 0)::int
    FROM held LEFT JOIN seats ON seats.event_id = held.id GROUP BY 1, 2
    UNION ALL
    SELECT month, NULL, count(*), 0, 0, 0 FROM volunteer GROUP BY month
    UNION ALL
    SELECT NULL, NULL, count(DISTINCT person), 0, 0, 0 FROM volunteer
"""


@dataclass(frozen=True, slots=True)
class Came:
    """Events held, seats that were expected and came; `counted` were expected where arrivals were noted."""

    events: int = 0
    expected: int = 0
    came: int = 0
    counted: int = 0

    def __add__(self, other: "Came") -> "Came":
        return Came(
            self.events + other.events,
            self.expected + other.expected,
            self.came + other.came,
            self.counted + other.counted,
        )

    @property
    def percent(self) -> int | None:
        """Of a hundred expected how many came; None where nobody's arrival was noted."""
        return round(100 * self.came / self.counted) if self.counted else None


@dataclass(frozen=True)
class Held:
    """Events of a period by month and category, with who gave their time."""

    rows: Sequence[tuple[date, Category, Came]] = ()
    volunteers: int = 0
    volunteers_by_month: Mapping[date, int] = field(default_factory=dict)

    @property
    def whole(self) -> Came:
        """All of them."""
        return sum((came for _month, _category, came in self.rows), Came())

    def by_month(self) -> dict[date, Came]:
        """Added up by month."""
        found: dict[date, Came] = {}
        for month, _category, came in self.rows:
            found[month] = found.get(month, Came()) + came
        return found

    def by_category(self) -> dict[Category, Came]:
        """Added up by category, in the order of the categories."""
        found: dict[Category, Came] = {}
        for _month, category, came in self.rows:
            found[category] = found.get(category, Came()) + came
        return dict(sorted(found.items(), key=lambda each: (each[0].position, each[0].name)))


def held(sites: Sequence[Site], first: date, last: date) -> Held:
    """The events held at `sites` from one day to another, both included: two queries."""
    asked: dict[str, Any] = {
        "sites": [site.pk for site in sites],
        "zones": [site.timezone for site in sites],
        "starts": [at(first, time(), site.zone) for site in sites],
        "untils": [at(last + timedelta(days=1), time(), site.zone) for site in sites],
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, asked)
        rows = cursor.fetchall()
    categories = Category.objects.in_bulk()
    volunteers = {month: number for month, category, number, *_seats in rows if category is None}
    return Held(
        sorted(
            (
                (month, categories[category], Came(*numbers))
                for month, category, *numbers in rows
                if category is not None
            ),
            key=lambda row: row[0],
        ),
        volunteers.pop(None, 0),
        volunteers,
    )
