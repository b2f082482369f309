"""Rentable spaces, extras and requests for tests; every default is plainly invented."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from billing.models import Price
from billing.quotes.accepting import Evidence
from bookings.models import (
    RentalDiscount,
    RentalExtra,
    RentalLayout,
    RentalPicture,
    RentalQuote,
    RentalRequest,
    RentalSpace,
    Site,
    Space,
    Tariff,
)
from bookings.models.rental_request import LINK_LASTS
from bookings.period import Period
from bookings.services.rentals.answering import accept_quote
from bookings.services.rentals.quoting import draft_quote
from bookings.services.rentals.sending import send_quote
from tests.factories.billing import make_product
from tests.factories.bookings import NOW, PARIS, SINCE, make_hours, make_house, make_space, make_tariff, on

_numbers = count(1)
DAY = date(2026, 12, 12)
"""A Saturday, eighteen days after the factories' now."""


def make_rental_space(space: Space, layouts: dict[str, int] | None = None, **fields: Any) -> RentalSpace:
    """Offer a space for rent."""
    row = RentalSpace.objects.create(space=space, **{"pitch": "Une salle d’essai.", **fields})
    for kind, capacity in (layouts or {}).items():
        RentalLayout.objects.create(rental_space=row, kind=kind, capacity=capacity)
    return row


def make_rental_picture(rental: RentalSpace, **fields: Any) -> RentalPicture:
    """A picture whose files do not exist."""
    number = next(_numbers)
    defaults = {"large": f"{number}-grande.jpg", "small": f"{number}-petite.jpg", "alt": "Une salle"}
    size = {"width": 1600, "height": 900}
    return RentalPicture.objects.create(rental_space=rental, **{**defaults, **size, **fields})


def make_extra(site: Site, *, per: str = "rental", amount: str = "60.00", **fields: Any) -> RentalExtra:
    """Something to add to a rental, with its price for ever."""
    product = make_product(site.seller, price_basis="ht", **fields)
    Price.objects.create(product=product, amount=Decimal(amount), valid_from=SINCE)
    return RentalExtra.objects.create(site=site, product=product, per=per)


def make_rented_house(**fields: Any) -> Site:
    """A site that rents two rooms joined (ab, for sixteen) and a hall (quai, 45 € an hour, for sixty).

    It is open on Saturdays too, from 9 h to 18 h; `DAY` is one.
    """
    site = make_house(desks=1, **{"email": "essai@cantine.example", **fields})
    make_hours(site, DAY.weekday(), time(9), time(18))
    make_tariff(site, "hall", hour=Decimal("45.00"), day_cap=Decimal("320.00"))
    hall = make_space(site, Space.Kind.HALL, code="quai", name="Le Quai", capacity=60)
    make_rental_space(site.spaces.get(code="ab"), {"meeting": 16}, position=1)
    make_rental_space(hall, {"standing": 60, "theatre": 45}, position=2, included="Le Wi-Fi\nLe café")
    return site


def make_rental_request(site: Site, *, space: Space | None = None, **fields: Any) -> RentalRequest:
    """A request received, for four hours of an afternoon."""
    number = next(_numbers)
    period: Period = fields.pop("period", None) or on(DAY, time(14), time(18), PARIS)
    received: datetime = fields.pop("received_at", NOW)
    defaults: dict[str, Any] = {
        "people": 10,
        "purpose": "Une assemblée d’essai.",
        "name": f"Maud Essai {number}",
        "email": f"projet{number}@cantine.example",
        "link_until": period.end + LINK_LASTS,
        "lost_reason": "withdrawn" if fields.get("state") == "lost" else "",
    }
    return RentalRequest.objects.create(
        site=site, space=space, during=period.range, received_at=received, **{**defaults, **fields}
    )


def no_tariff(site: Site) -> None:
    """Leave a site without any price of use."""
    Tariff.objects.filter(site=site).update(valid_to=SINCE, valid_from=SINCE - timedelta(days=1))


def make_discount(site: Site, audience: str, percent: int, **fields: Any) -> RentalDiscount:
    """The rule of a discount, for ever."""
    defaults = {"label": f"Remise {audience}", "valid_from": SINCE}
    return RentalDiscount.objects.create(
        site=site, audience=audience, percent=percent, **{**defaults, **fields}
    )


def make_draft(site: Site | None = None, *, now: datetime = NOW, **fields: Any) -> RentalQuote:
    """The draft of a request for the hall, of a house of its own unless a site is given."""
    house = site or make_rented_house()
    request = make_rental_request(house, space=house.spaces.get(code="quai"), **fields)
    return draft_quote(request=request, by=None, now=now)


def make_sent(site: Site | None = None, *, now: datetime = NOW, **fields: Any) -> RentalQuote:
    """A quote for the hall that was sent, and holds it: 150 € for four hours, 180 € with VAT."""
    return send_quote(rental=make_draft(site, now=now, **fields), now=now)


def make_won(site: Site | None = None, *, now: datetime = NOW, **fields: Any) -> RentalQuote:
    """The same, accepted: its advance of 54 € waits to be paid."""
    who = Evidence(name="Maud Essai", function="présidente", ip=None, agent="")
    return accept_quote(rental=make_sent(site, now=now, **fields), evidence=who, now=now)
