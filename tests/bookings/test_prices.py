"""The price card of the home page, and a price told in words."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from bookings.models import Space
from bookings.services import prices, rules
from members.models import Membership
from tests.factories.billing import make_customer, make_organisation_customer, make_product, make_seller
from tests.factories.bookings import NOW, TOMORROW, make_house, make_room, make_site, make_tariff, morning, on
from tests.factories.members import make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_the_card_says_half_day_day_and_rooms_by_the_hour() -> None:
    site = make_house(desks=1)
    rows = [(row.name, row.note, row.amount) for row in prices.card(site, TOMORROW)]
    assert rows[:2] == [
        ("La demi-journée", "un poste, le Wi-Fi, le café", Decimal("9.00")),
        ("La journée", "9\u00a0h\u00a0–\u2060\u00a018\u00a0h", Decimal("15.00")),
    ]
    assert [(note, amount) for _name, note, amount in rows[2:]] == [
        ("l’heure, 8 places", Decimal("18.00")),
        ("l’heure, 6 places", Decimal("18.00")),
        ("l’heure, 16 places", Decimal("18.00")),
    ]


def test_a_seller_that_charges_no_vat_adds_none_to_a_price_without_it() -> None:
    site = make_site(seller=make_seller(vat_regime="franchise"))
    make_tariff(site, "room", product=make_product(site.seller, price_basis="ht"))
    room = make_room(site)
    price = prices.price_for(space=room, period=on(TOMORROW, time(10), time(11)), now=NOW)
    assert price is not None
    assert (price.amount_vat, price.amount_incl) == (Decimal("0.00"), Decimal("18.00"))


def test_a_price_is_told_in_words() -> None:
    make_house(desks=1)
    desk, room = Space.objects.get(kind="desk"), Space.objects.get(code="a")
    half = prices.price_for(space=desk, period=morning(), now=NOW)
    hours = prices.price_for(space=room, period=on(TOMORROW, time(14), time(16, 15)), now=NOW)
    assert half is not None
    assert hours is not None
    assert prices.said(half) == "1 demi-journée"
    assert prices.said(hours) == "2,25\u00a0h à 18,00\u00a0€"


def test_who_pays_as_a_member_is_who_membership_covers() -> None:
    site = make_house(desks=1)
    alone, employee, stranger = make_user(), make_user(), make_user()
    firm = make_organisation(employee, may_pay=False)
    make_membership(user=alone, valid_from=TOMORROW, valid_to=TOMORROW)
    make_membership(organisation=firm)
    for user in (alone, employee, stranger):
        for offset in (-1, 0, 1):
            day = TOMORROW + timedelta(days=offset)
            expected = Membership.objects.on(day).covering(user).exists()
            assert rules.load(site, day=day, user=user).is_member == expected
            customer = make_customer(user)
            assert rules.load(site, day=day, customer=customer).is_member == expected
    payer = make_organisation_customer(firm)
    assert rules.load(site, day=TOMORROW, customer=payer).is_member
