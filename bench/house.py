"""A house to measure: sixty spaces on a floor, prices, hours, and as much history as asked for."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.models import Product
from bookings.models import Booking, Floor, OpeningHours, Site, Space, SpacePart, Tariff
from bookings.period import Period, at
from cantine.demo import places

CODE = "banc"
DESKS = 56
ROOMS = 4
A_DAY = 8
"""Occupancies of one space in a full day of its history, an hour each."""
WRITTEN = {
    "reference": "%(mark)s || n",
    "space_id": "(%(spaces)s::bigint[])[1 + n %% %(number)s]",
    "during": "tstzrange(start, start + interval '1 hour')",
    "customer_id": "customer.id",
    "booked_by_id": "customer.user_id",
    "created_at": "start - interval '1 day'",
    "confirmed_at": "start - interval '1 day'",
}
"""What differs from one past booking to the next; every other column is copied from one that Django made."""
HISTORY = """
    INSERT INTO bookings_booking ({columns})
    SELECT {values}
    FROM (
        SELECT n, %(today)s::date - (1 + n / %(number)s / %(a_day)s) * interval '1 day'
            + (8 + n / %(number)s %% %(a_day)s) * interval '1 hour' AS start
        FROM generate_series(%(first)s, %(last)s) AS n
    ) AS slots
    JOIN billing_customer AS customer
        ON customer.id = (%(customers)s::bigint[])[1 + n %% cardinality(%(customers)s)]
    JOIN bookings_booking AS made ON made.reference = 'made'
"""
OCCUPY = """
    INSERT INTO bookings_occupancy (booking_id, atom_id, during)
    SELECT id, space_id, during FROM bookings_booking WHERE reference LIKE %(mark)s || '%%' AND NOT EXISTS (
        SELECT 1 FROM bookings_occupancy WHERE booking_id = bookings_booking.id)
"""


def build(today: date) -> Site:
    """Make the demonstration's places (Rouen has 24 desks) and a site of sixty spaces."""
    with transaction.atomic():
        rouen = places.build(since=today - timedelta(days=30))[0]
        return add_site(CODE, like=rouen)


def add_site(code: str, *, like: Site) -> Site:
    """Make a site of sixty spaces, drawn on the floor of another and selling for its seller."""
    site = Site.objects.create(
        code=code,
        name=code.capitalize(),
        place="Banc d’essai",
        seller=like.seller,
        horizon_days=365,
        open_holds=30_000,
        holidays_open=True,
        position=9,
    )
    drawn = Floor.objects.filter(site=like).values_list("drawing", flat=True)[0]
    floor = Floor.objects.create(site=site, name="Banc", drawing=drawn)
    _add_spaces(site, floor)
    _add_hours_and_prices(site)
    return site


def _add_spaces(site: Site, floor: Floor) -> None:
    equipment = list(Space.objects.get(site__code="rouen", number=7).equipment.all())
    for index in range(DESKS + ROOMS):
        kind = Space.Kind.DESK if index < DESKS else Space.Kind.ROOM
        space = Space.objects.create(
            site=site,
            floor=floor,
            code=f"{kind}-{index + 1}",
            kind=kind,
            name=f"Espace {index + 1}",
            number=index + 1 if kind == Space.Kind.DESK else None,
            x=44 + 122 * (index % 8),
            y=60 + 122 * (index // 8),
            position=index,
        )
        SpacePart.objects.create(space=space, atom=space)
        space.equipment.set(equipment)


def _add_hours_and_prices(site: Site) -> None:
    halves = (("morning", time(9), time(13)), ("afternoon", time(13), time(18)))
    OpeningHours.objects.bulk_create(
        OpeningHours(site=site, weekday=weekday, half=half, opens=opens, closes=closes)
        for weekday in range(7)
        for half, opens, closes in halves
    )
    product = Product.objects.get(seller=site.seller, code="poste")
    for kind, fields in (("desk", {"half_day": "9.00", "day": "15.00"}), ("room", {"hour": "18.00"})):
        for audience in Tariff.Audience.values:
            amounts = {name: Decimal(amount) for name, amount in fields.items()}
            Tariff.objects.create(
                site=site,
                kind=kind,
                product=product,
                audience=audience,
                valid_from=date(2020, 1, 1),
                **amounts,
            )


def add_history(
    site: Site,
    *,
    first: int,
    last: int,
    today: date,
    customers: list[int],
    a_day: int = A_DAY,
    mark: str = "b",
) -> None:
    """Write past bookings `first` to `last`, each an hour of one space, hour by hour back in time.

    `a_day` hours of each day are taken; `mark` begins the references, which are of one site only.

    Straight into the tables: the constraint is taken down meanwhile and checks them all when it comes back.
    """
    spaces = list(site.spaces.order_by("position").values_list("pk", flat=True))
    said: dict[str, Any] = {
        "site": site.pk,
        "spaces": spaces,
        "number": len(spaces),
        "today": today,
        "customers": customers,
        "a_day": a_day,
        "mark": mark,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        made = make_one(site, today, customers[0])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'atom_is_taken_once'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE bookings_occupancy DROP CONSTRAINT atom_is_taken_once")
        cursor.execute(history(), said | {"first": first, "last": last})
        made.delete()
        cursor.execute(OCCUPY, said)
        cursor.execute(f"ALTER TABLE bookings_occupancy ADD CONSTRAINT atom_is_taken_once {definition}")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # else the rows go to disk while pages are measured, at their expense
        cursor.execute("RESET statement_timeout")


def make_one(site: Site, today: date, customer: int) -> Booking:
    """The booking from which the others are copied."""
    start = at(today - timedelta(days=4000), time(9), site.zone)
    return Booking.objects.create(
        reference="made",
        site=site,
        space=site.spaces.get(position=0),
        during=Period(start, start + timedelta(hours=1)).range,
        customer_id=customer,
        state=Booking.State.CONFIRMED,
        created_at=start,
    )


def history() -> str:
    """The statement that copies it, whatever columns a booking has."""
    columns = [str(field.column) for field in Booking._meta.concrete_fields if not field.primary_key]
    values = [WRITTEN.get(column, f"made.{column}") for column in columns]
    return HISTORY.format(columns=", ".join(columns), values=", ".join(values))


def busy_day(today: date) -> date:
    """The day whose plan is measured: a weekday a week ahead."""
    day = today + timedelta(days=7)
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
