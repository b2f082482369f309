"""« Rejoindre »: what the place offers and costs, and how one becomes a member."""

import json
import re
from datetime import time
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import OpeningHours, Tariff
from bookings.services import premises
from bookings.services.price_list import price_list
from bookings.usual_week import Days, usual_week
from tests.factories.members import make_membership, make_user
from tests.factories.places import Place, make_place

pytestmark = pytest.mark.django_db
AT = "/rejoindre/"


@pytest.fixture
def place() -> Place:
    return make_place()


def test_the_page_tells_offer_prices_hours_and_way_in_few_queries(
    place: Place, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        page = client.get(AT)
    for said in (
        "4 postes de travail",
        "3 salles",
        "Poste, la demi-journée",
        "9,00\u00a0€",
        "7,00\u00a0€",
        "Lundi\u00a0– vendredi",
        "9\u00a0h\u00a0–\u2060\u00a018\u00a0h",
        "Le tram s’arrête devant.",
        'href="/compte/inscription/"',
        'href="/essai/reserver/"',
    ):
        assertContains(page, said)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode())
    assert found is not None
    data = json.loads(found[1])
    assert data["address"]["addressLocality"] == "Le Petit-Quevilly"
    assert {"Poste, la demi-journée": "9.00"}.items() <= {
        one["name"]: one["price"] for one in data["makesOffer"]
    }.items()


def test_prices_are_those_of_the_day_s_tariffs(place: Place) -> None:
    dearer = Tariff.objects.get(kind="desk", audience="outside")
    dearer.pk, dearer.half_day, dearer.valid_from = None, Decimal("11.00"), place.day
    dearer.save()
    Tariff.objects.filter(kind="room").update(space=place.room("verger"))
    rows = price_list(premises.current(), place.site, place.day)
    assert [(row.name, row.unit, row.outside, row.member) for row in rows] == [
        ("Poste", "la demi-journée", Decimal("11.00"), Decimal("7.00")),
        ("Poste", "la journée", Decimal("15.00"), Decimal("15.00")),
        ("Le Verger", "l’heure", Decimal("18.00"), Decimal("18.00")),
    ]


def test_a_week_joins_days_alike_and_keeps_lunch_apart(place: Place) -> None:
    OpeningHours.objects.filter(weekday=4, half="afternoon").update(opens=time(14), valid_from=place.day)
    morning, evening = (time(9), time(13)), (time(14), time(18))
    assert usual_week(premises.current().hours[place.site.pk], place.day) == [
        Days(0, 3, ((time(9), time(18)),)),
        Days(4, 4, (morning, evening)),
        Days(5, 6, ()),
    ]


def test_who_is_signed_in_asks_and_a_member_need_not(place: Place, client: Client) -> None:
    user = make_user()
    client.force_login(user)
    assertContains(client.get(AT), "Demander à devenir membre</a>")
    assertContains(client.get("/membres/"), f'href="{AT}"', status_code=403)
    make_membership(user=user)
    page = client.get(AT)
    assertContains(page, "Vous êtes membre")
    assertNotContains(page, "Demander à devenir membre</a>")


@pytest.mark.parametrize("at", ["/", "/compte/inscription/"])
def test_a_visitor_is_led_there_without_a_site_too(client: Client, at: str) -> None:
    assertContains(client.get(at), f'href="{AT}"')
    assertContains(client.get(AT), "Créer un compte")
