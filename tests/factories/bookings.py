"""Sites, spaces, tariffs and bookings for tests; every default is plainly invented.

A site is open on weekdays, 9 h – 13 h and 13 h – 18 h; a half-day costs 9 €, a day 15 €, a room 18 € an hour.
"""

from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Customer, Product
from bookings.models import Booking, Equipment, OpeningHours, Site, Space, SpacePart, Tariff
from bookings.period import Period, at
from bookings.services import booking as booking_service
from bookings.services.occupying import occupy
from members.models import User
from tests.factories.billing import make_customer, make_product, make_seller
from tests.factories.members import make_user
from tests.factories.rows import written

PARIS = ZoneInfo("Europe/Paris")
SINCE = date(2020, 1, 1)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=PARIS)
"""A Tuesday morning before opening."""
TOMORROW = date(2026, 11, 25)
HALVES = (("morning", time(9), time(13)), ("afternoon", time(13), time(18)))
_numbers = count(1)


def make_site(*, hours: bool = True, **fields: Any) -> Site:
    """Make a site; without `hours` it is never open."""
    number = next(_numbers)
    fields.setdefault("seller", None)
    seller = fields.pop("seller") or make_seller()
    defaults: dict[str, Any] = {
        "code": f"site-{number}",
        "name": f"Site {number}",
        "place": "Pépinière Essai",
        "address": "1, rue de l’Exemple",
        "postcode": "76140",
        "city": "Le Petit-Quevilly",
        "door": "porte B",
    }
    site = written(Site(seller=seller, **{**defaults, **fields}))
    if hours:
        OpeningHours.objects.bulk_create(
            OpeningHours(site=site, weekday=weekday, half=half, opens=opens, closes=closes)
            for weekday in range(5)
            for half, opens, closes in HALVES
        )
    return site


def make_hours(site: Site, weekday: int, opens: time, closes: time, **fields: Any) -> OpeningHours:
    """Open a site, or a space of it, on a weekday."""
    return written(OpeningHours(site=site, weekday=weekday, opens=opens, closes=closes, **fields))


def make_equipment(code: str, **fields: Any) -> Equipment:
    """Find or make an equipment."""
    return Equipment.objects.get_or_create(code=code, defaults={"name": code, **fields})[0]


def make_space(
    site: Site, kind: str, *, parts: tuple[Space, ...] = (), equipment: tuple[str, ...] = (), **fields: Any
) -> Space:
    """Make a space with its parts (itself unless told otherwise)."""
    number = next(_numbers)
    space = Space(site=site, kind=kind, **{"code": f"{kind}-{number}", "name": f"Espace {number}", **fields})
    with transaction.atomic(savepoint=False):
        written(space)
        for atom in parts or (space,):
            written(SpacePart(space=space, atom=atom))
    if equipment:
        space.equipment.add(*(make_equipment(code) for code in equipment))
    return space


def make_desk(site: Site, number: int | None = None, **fields: Any) -> Space:
    """Make a desk."""
    number = number or next(_numbers)
    return make_space(site, Space.Kind.DESK, number=number, **{"name": f"Poste {number}", **fields})


def make_room(site: Site, **fields: Any) -> Space:
    """Make a meeting room for eight."""
    return make_space(site, Space.Kind.ROOM, **{"capacity": 8, **fields})


def make_joined_rooms(site: Site, **fields: Any) -> tuple[Space, Space, Space]:
    """Make two rooms and the one they are when joined."""
    left, right = make_room(site, **fields), make_room(site, capacity=6, **fields)
    return left, right, make_room(site, capacity=16, parts=(left, right), **fields)


def make_tariff(site: Site, kind: str = "desk", *, product: Product | None = None, **fields: Any) -> Tariff:
    """Make what a kind of space costs anyone."""
    amounts = (
        {"half_day": "9.00", "day": "15.00"} if kind == "desk" else {"hour": "18.00", "day_cap": "90.00"}
    )
    defaults: dict[str, Any] = {name: Decimal(amount) for name, amount in amounts.items()}
    defaults |= {"audience": Tariff.Audience.OUTSIDE, "valid_from": SINCE}
    product = product or make_product(site.seller)
    return written(Tariff(site=site, kind=kind, product=product, **{**defaults, **fields}))


def make_house(desks: int = 3, **fields: Any) -> Site:
    """Make a site with tariffs, desks numbered from 1 and two rooms that can be joined (codes a, b, ab)."""
    with transaction.atomic(savepoint=False):
        site = make_site(**fields)
        make_tariff(site, "desk")
        make_tariff(site, "room")
        for number in range(1, desks + 1):
            make_desk(site, number, x=number * 122)
        left, right = make_room(site, code="a"), make_room(site, code="b", capacity=6)
        make_room(site, code="ab", capacity=16, parts=(left, right))
    return site


def on(day: date, start: time, end: time, zone: ZoneInfo = PARIS) -> Period:
    """A period of one local day."""
    return Period(at(day, start, zone), at(day, end, zone))


def morning(day: date = TOMORROW) -> Period:
    """The morning of a factory site."""
    return on(day, time(9), time(13))


def make_booking(
    *,
    space: Space,
    period: Period | None = None,
    user: User | None = None,
    customer: Customer | None = None,
    now: datetime = NOW,
    on_terms: bool = False,
) -> Booking:
    """Book a space as anyone would: held, until it is paid (confirmed at once on terms)."""
    user = user or make_user()
    return booking_service.book_space(
        space=space,
        period=period or morning(),
        customer=customer or make_customer(user),
        by=user,
        now=now,
        on_terms=on_terms,
        start_requested=on_terms,
    )


def make_confirmed(**fields: Any) -> Booking:
    """Book a space on invoice: confirmed at once."""
    user = fields.pop("user", None) or make_user()
    customer = fields.pop("customer", None) or make_customer(user, terms_days=30)
    return make_booking(user=user, customer=customer, on_terms=True, **fields)


def make_plain_booking(
    *,
    space: Space,
    period: Period,
    purpose: str = "event",
    held_until: datetime | None = None,
    now: datetime = NOW,
) -> Booking:
    """Write a booking without an order, as events and options do."""
    with transaction.atomic():
        booking = written(
            Booking(
                site=space.site,
                space=space,
                during=period.range,
                purpose=purpose,
                state="held" if held_until else "confirmed",
                held_until=held_until,
                created_at=now,
            )
        )
        occupy(booking)
    return booking
