"""The demonstration's sites: Rouen as its plan is drawn, Le Havre and Caen as smaller invented partners."""

import json
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.models import Product, Seller
from bookings.models import OpeningHours, Site, Space, Tariff
from cantine.setup.answers import Section
from cantine.setup.spaces import lay_out
from cantine.setup.writing import Report

IBAN, BIC = "FR7699999999990000000000056", "CANTFRPP"
"""An account of a bank that does not exist; its keys are right, or no code could be drawn."""
PLANS = Path(__file__).parent / "plans"


@dataclass(frozen=True)
class Price:
    """What using a kind of space, or one space, costs: outside and member, in euros including VAT."""

    kind: str
    half_day: tuple[str, str] | None = None
    day: tuple[str, str] | None = None
    hour: tuple[str, str] | None = None
    day_cap: tuple[str, str] | None = None
    space: str = ""


@dataclass(frozen=True)
class Place:
    """Everything that makes one demonstration site."""

    seller: dict[str, Any]
    site: dict[str, Any]
    plan: str
    prices: tuple[Price, ...]
    opens: time = time(9)
    closes: time = time(18)
    evening_space: str = ""


ROUEN = Place(
    seller={
        "code": "nwx",
        "name": "Normandie WebXperts",
        "legal_form": "association loi 1901",
        "address": "La Cantine Numérique, Seine Innopolis",
        "postcode": "76140",
        "city": "Le Petit-Quevilly",
        "siren": "000000000",
        "siret": "00000000000000",
        "email": "compta@cantine.example",
    },
    site={
        "code": "rouen",
        "name": "Rouen",
        "place": "Seine Innopolis",
        "address": "Seine Innopolis",
        "postcode": "76140",
        "city": "Le Petit-Quevilly",
        "email": "bonjour@cantine.example",
        "door": "Porte B",
        "door_code": "4719",
        "wifi_name": "Cantine-Membres",
        "wifi_password": "pomme-tarte-42",
        "directions": "Entrée par la porte B, côté fleuve. Tramway à six minutes à pied.",
        "desk_payment": True,
        "position": 1,
    },
    plan="rouen.json",
    prices=(
        Price("desk", half_day=("9.00", "7.00"), day=("15.00", "12.00")),
        Price("room", hour=("18.00", "15.00"), day_cap=("110.00", "90.00"), space="pommier"),
        Price("room", hour=("15.00", "12.00"), day_cap=("90.00", "75.00"), space="poirier"),
        Price("room", hour=("30.00", "25.00"), day_cap=("180.00", "150.00"), space="verger"),
        Price("booth", hour=("4.00", "3.00"), day_cap=("20.00", "15.00")),
        Price("hall", hour=("45.00", "38.00"), day_cap=("320.00", "270.00")),
    ),
    evening_space="quai",
)
LE_HAVRE = Place(
    seller={
        "code": "demo-le-havre",
        "name": "Association fictive du Bassin",
        "legal_form": "association inventée pour la démonstration",
        "address": "1, quai Imaginaire",
        "postcode": "76600",
        "city": "Le Havre",
        "email": "compta-le-havre@cantine.example",
    },
    site={
        "code": "le-havre",
        "name": "Le Havre",
        "place": "La Vigie, lieu inventé",
        "address": "1, quai Imaginaire",
        "postcode": "76600",
        "city": "Le Havre",
        "email": "le-havre@cantine.example",
        "door": "Premier étage",
        "door_code": "1957",
        "wifi_name": "Vigie",
        "wifi_password": "sel-et-vent",
        "directions": "Lieu de démonstration : il n’existe pas.",
        "position": 2,
    },
    plan="le-havre.json",
    prices=(
        Price("desk", half_day=("8.00", "6.00"), day=("14.00", "11.00")),
        Price("room", hour=("16.00", "13.00"), day_cap=("95.00", "80.00")),
    ),
)
CAEN = Place(
    seller={
        "code": "demo-caen",
        "name": "Coopérative fictive du Pommeau",
        "legal_form": "coopérative inventée pour la démonstration",
        "address": "2, rue Imaginaire",
        "postcode": "14000",
        "city": "Caen",
        "email": "compta-caen@cantine.example",
        "vat_regime": Seller.VatRegime.FRANCHISE,
    },
    site={
        "code": "caen",
        "name": "Caen",
        "place": "L’Atelier, lieu inventé",
        "address": "2, rue Imaginaire",
        "postcode": "14000",
        "city": "Caen",
        "email": "caen@cantine.example",
        "door": "Côté jardin",
        "door_code": "2026",
        "wifi_name": "Atelier",
        "wifi_password": "plume-et-papier",
        "directions": "Lieu de démonstration : il n’existe pas.",
        "position": 3,
    },
    plan="caen.json",
    prices=(
        Price("desk", half_day=("8.00", "6.00"), day=("13.00", "10.00")),
        Price("room", hour=("14.00", "12.00"), day_cap=("85.00", "70.00")),
        Price("booth", hour=("4.00", "3.00"), day_cap=("18.00", "15.00")),
    ),
)


def build(*, since: date) -> list[Site]:
    """Create the three sites with their floors, spaces, hours and tariffs, these valid from `since`."""
    return [_build_place(place, since) for place in (ROUEN, LE_HAVRE, CAEN)]


def _build_place(place: Place, since: date) -> Site:
    seller = Seller.objects.create(specimen=True, iban=IBAN, bic=BIC, **place.seller)
    site = Site.objects.create(seller=seller, **place.site)
    plan = json.loads((PLANS / place.plan).read_text(encoding="utf-8"))
    lay_out(site, plan, section=Section("spaces", {}), report=Report())
    spaces = {space.code: space for space in site.spaces.all()}
    _build_hours(place, site, spaces)
    _build_tariffs(place, site, spaces, since)
    return site


def _build_hours(place: Place, site: Site, spaces: dict[str, Space]) -> None:
    noon = time(13)
    rows = [
        OpeningHours(site=site, weekday=weekday, half=half, opens=opens, closes=closes)
        for weekday in range(5)
        for half, opens, closes in (("morning", place.opens, noon), ("afternoon", noon, place.closes))
    ]
    if evening := spaces.get(place.evening_space):
        rows += [
            OpeningHours(
                site=site,
                space=evening,
                weekday=weekday,
                opens=place.opens,
                closes=time(22),
            )
            for weekday in range(6)
        ]
    OpeningHours.objects.bulk_create(rows)


def _build_tariffs(place: Place, site: Site, spaces: dict[str, Space], since: date) -> None:
    desk = Product.objects.create(
        seller=site.seller, code="poste", name="Poste de travail", name_en="Desk", report_category="postes"
    )
    room = Product.objects.create(
        seller=site.seller,
        code="salle",
        name="Salle de réunion",
        name_en="Meeting room",
        report_category="salles",
        revenue_account="708300",
    )
    Product.objects.create(
        seller=site.seller,
        code="evenements",
        name="Entrée à un événement",
        name_en="Event ticket",
        report_category="evenements",
    )
    tariffs = []
    for price in place.prices:
        for index, audience in enumerate((Tariff.Audience.OUTSIDE, Tariff.Audience.MEMBER)):
            amounts = {
                field: Decimal(pair[index])
                for field in ("half_day", "day", "hour", "day_cap")
                if (pair := getattr(price, field))
            }
            tariff = Tariff(
                site=site,
                kind=price.kind,
                space=spaces.get(price.space),
                product=desk if price.kind == "desk" else room,
                audience=audience,
                valid_from=since,
                **amounts,
            )
            tariffs.append(tariff)
    Tariff.objects.bulk_create(tariffs)
