"""Days on which nothing can be booked say so at the top, with the nearest one that can, and offer nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bookings.models import Space
from tests.factories.bookings import NOW, make_house

pytestmark = pytest.mark.django_db

DAYS = [
    ("2026-11-23", "Ce jour est passé.", "2026-11-24"),
    ("2026-12-25", "La Cantine est fermée le vendredi 25 décembre (Noël).", "2026-12-28"),
    ("2026-11-28", "La Cantine est fermée le samedi 28 novembre.", "2026-11-30"),
    ("2027-06-15", "Les réservations sont ouvertes jusqu’au lundi 22 février 2027.", "2027-02-22"),
]


@pytest.mark.parametrize("pages", ["reserver", "salles"])
def test_the_page_says_why_and_leads_to_the_nearest_open_day(client: Client, pages: str) -> None:
    site = make_house(desks=2)
    for day, said, nearest in DAYS:
        with time_machine.travel(NOW, tick=False):
            text = client.get(f"/{site.code}/{pages}/{day}/").content.decode()
        assert said in text
        callout = text[text.index(said) :]
        assert f'href="/{site.code}/{pages}/{nearest}/' in callout[: callout.index("</p>")]
        assert 'id="reserver"' not in text
        assert "Se connecter pour réserver" not in text
        assert 'id="libres"' not in text


def test_a_day_of_another_year_is_told_with_its_year(client: Client) -> None:
    site = make_house(desks=2)
    with time_machine.travel(NOW, tick=False):
        text = client.get(f"/{site.code}/reserver/2027-01-05/").content.decode()
    assert "mardi 5 janvier 2027" in text


def test_a_half_day_that_is_over_today_says_so(client: Client) -> None:
    site = make_house(desks=2)
    with time_machine.travel(NOW + timedelta(hours=6), tick=False):
        text = client.get(f"/{site.code}/reserver/2026-11-24/", {"moment": "matin"}).content.decode()
    assert "Ce moment de la journée est passé." in text


def test_the_first_meeting_room_is_shown_with_the_next_free_hour_and_its_price(client: Client) -> None:
    site = make_house(desks=0)
    first = Space.objects.filter(site=site, kind="room").order_by("position", "pk").first()
    assert first
    with time_machine.travel(NOW, tick=False):
        text = client.get(f"/{site.code}/salles/2026-11-24/").content.decode()
    assert f'name="salle" value="{first.code}"' in text
    assert '<option value="09:00" selected>' in text
    assert '<option value="10:00" selected>' in text
    assert "18,00" in text


def test_a_joined_room_says_what_it_is_made_of(client: Client) -> None:
    site = make_house(desks=0)
    both = Space.objects.get(site=site, code="ab")
    with time_machine.travel(NOW, tick=False):
        text = client.get(f"/{site.code}/salles/2026-11-24/", {"salle": "ab"}).content.decode()
    assert f"{both.label}\u00a0:" in text
    assert "réunies" in text
