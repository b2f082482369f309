"""A small site for tests of pages: four desks, two rooms that can be joined, one price each; all invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.customers import customer_for
from billing.models import Customer
from bookings.models import Booking, Equipment, Floor, OpeningHours, Site, Space, SpacePart, Tariff
from bookings.period import Period, asked_at
from bookings.services.booking import book_space
from members.models import User
from tests.factories.billing import make_product, make_seller
from tests.factories.rows import written

DRAWING = {
    "viewbox": [0, 0, 1000, 1200],
    "phone_viewbox": [0, 0, 1000, 832],
    "orientation": "north (the Seine) at the top",
    "walls": [
        {"x1": 20, "y1": 56, "x2": 980, "y2": 56},
        {"x1": 980, "y1": 56, "x2": 980, "y2": 1180},
        {"x1": 980, "y1": 1180, "x2": 20, "y2": 1180},
        {"x1": 20, "y1": 1180, "x2": 20, "y2": 56},
    ],
    "windows": [{"x1": 60, "y1": 56, "x2": 250, "y2": 56}],
    "doors": [{"name": "Entrée, porte B", "x1": 120, "y1": 1180, "x2": 230, "y2": 1180}],
    "partition": {"x1": 728, "y1": 544, "x2": 728, "y2": 816},
    "furniture": [
        {"kind": "kitchen", "name": "La Cuisine", "x": 618, "y": 856, "w": 362, "h": 324},
        {"kind": "counter", "name": "Accueil", "x": 330, "y": 1062, "w": 170, "h": 44},
        {"kind": "lockers", "name": "Casiers", "x": 940, "y": 262, "w": 40, "h": 220},
    ],
}


@dataclass(frozen=True)
class Place:
    """The site and a working day two weeks ahead."""

    site: Site
    day: date

    def desk(self, number: int) -> Space:
        """One desk."""
        return self.site.spaces.get(number=number)

    def room(self, code: str) -> Space:
        """One room."""
        return self.site.spaces.get(code=code)

    def at(self, hour: int, minute: int = 0) -> datetime:
        """A clock time of the day."""
        return asked_at(self.day, time(hour, minute), self.site.zone)

    def morning(self) -> Period:
        """Its morning."""
        return Period(self.at(9), self.at(13))


@transaction.atomic(savepoint=False)
def make_place(code: str = "essai", *, desks: int = 4) -> Place:
    """Make a site open from Monday to Friday, 9 h – 13 h and 13 h – 18 h, with its prices."""
    site = written(
        Site(
            code=code,
            name="Essai",
            place="Maison d’essai",
            address="1, rue de l’Exemple",
            postcode="76140",
            city="Le Petit-Quevilly",
            seller=make_seller(),
            door="porte B",
            door_code="4719",
            wifi_name="Essai-Membres",
            wifi_password="pomme-essai",
            holidays_open=True,
            directions="Le tram s’arrête devant.",
        )
    )
    for weekday in range(5):
        for half, opens, closes in (("morning", time(9), time(13)), ("afternoon", time(13), time(18))):
            written(OpeningHours(site=site, weekday=weekday, half=half, opens=opens, closes=closes))
    floor = written(Floor(site=site, name="Rez-de-chaussée", drawing=DRAWING))
    window = written(Equipment(code=f"fenetre-{code}", name="fenêtre", icon="window"))
    for number in range(1, desks + 1):
        desk = make_space(
            site, floor, kind="desk", code=f"poste-{number}", number=number, x=44 + 122 * number
        )
        if number == 1:
            desk.equipment.add(window)
    pommier = make_space(
        site, floor, kind="room", code="pommier", name="Salle Pommier", capacity=8, x=480, y=544, w=248, h=272
    )
    poirier = make_space(
        site, floor, kind="room", code="poirier", name="Salle Poirier", capacity=6, x=728, y=544, w=252, h=272
    )
    for room, at in ((pommier, 536), (poirier, 854)):
        room.door = {"side": "s", "at": at, "w": 70}
        room.save()
    make_space(
        site, floor, pommier, poirier, kind="room", code="verger", name="Le Verger", capacity=16, x=480, y=544
    )
    make_tariffs(site)
    return Place(site, working_day())


def make_space(site: Site, floor: Floor, *atoms: Space, **fields: object) -> Space:
    """Make a space; without `atoms` it is its own only part."""
    defaults: dict[str, object] = {"name": f"Poste {fields.get('number')}", "y": 250}
    space = written(Space(site=site, floor=floor, **{**defaults, **fields}))
    for atom in atoms or (space,):
        written(SpacePart(space=space, atom=atom))
    return space


def make_tariffs(site: Site) -> None:
    """Desks 9 € the half-day and 15 € the day, rooms 18 € the hour; members pay a little less for desks."""
    product = make_product(site.seller)
    since = date(2020, 1, 1)
    for audience, half in (("outside", "9.00"), ("member", "7.00")):
        desks: dict[str, Any] = {"half_day": Decimal(half), "day": Decimal("15.00")}
        written(Tariff(site=site, kind="desk", product=product, audience=audience, valid_from=since, **desks))
    hours: dict[str, Any] = {"hour": Decimal("18.00"), "valid_from": since}
    written(Tariff(site=site, kind="room", product=product, audience="outside", **hours))


def working_day() -> date:
    """The Tuesday of the week after next."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday()) + timedelta(days=15)


def customer_of(user: User, *, terms: bool = False) -> Customer:
    """The customer that is `user`, with terms when asked for."""
    with transaction.atomic():
        customer = customer_for(user)
    if terms and not customer.has_terms:
        customer.terms_days = 30
        customer.save()
    return customer


def make_booked(user: User, space: Space, period: Period, *, confirmed: bool = True) -> Booking:
    """Book through the service: confirmed on terms, or held."""
    return book_space(
        space=space,
        period=period,
        customer=customer_of(user, terms=confirmed),
        by=user,
        now=timezone.now(),
        on_terms=confirmed,
        start_requested=confirmed,
    )
