"""The public pages of renting: cards, a space, its free days, the indicative price."""

import json
import re
from datetime import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.album import ALBUM
from bookings.models import RentalLayout, RentalSpace, Site
from tests.bookings.rentals.pages import ASKED, home, text_of
from tests.factories.bookings import make_plain_booking, make_room, make_site, on
from tests.factories.rentals import (
    DAY,
    make_extra,
    make_rental_picture,
    make_rental_space,
    make_rented_house,
    no_tariff,
)

pytestmark = pytest.mark.django_db


def test_the_address_without_a_site_leads_to_the_first_that_rents(site: Site) -> None:
    make_site(position=1)
    Site.objects.filter(pk=site.pk).update(position=2)
    assertRedirects(Client().get("/louer/"), home(site))
    other = make_rented_house(position=3)
    assertRedirects(Client().get("/louer/", {"site": other.code}), home(other))
    assert Client().get("/inconnu/louer/").status_code == 404


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["Louer la Cantine", "60 personnes", "37,50\u00a0€", "HT l’heure", "Demander un devis"]),
        ("en", ["Rent the Cantine", "60 people", "€37.50", "excl. VAT an hour", "Ask for a quote"]),
    ],
)
def test_each_space_has_its_card(site: Site, language: str, texts: list[str]) -> None:
    page = Client().get(home(site), headers={"accept-language": language})
    for text in ["Le Quai", *texts]:
        assertContains(page, text)
    assertNotContains(page, "Espace à cacher")


def test_the_seats_and_the_most_people_are_told_apart(site: Site) -> None:
    joined = site.spaces.get(code="ab")
    RentalLayout.objects.create(rental_space=joined.rental, kind="theatre", capacity=30)
    said = f"{joined.capacity} places, jusqu’à 30 personnes en théâtre"
    for address in (home(site), joined.rental.get_absolute_url()):
        assertContains(Client().get(address), said)


def test_a_space_that_is_hidden_or_has_no_price_says_so(site: Site) -> None:
    hidden = make_rental_space(make_room(site, name="Espace à cacher"), is_public=False)
    no_tariff(site)
    page = Client().get(home(site))
    assertNotContains(page, "Espace à cacher")
    assertContains(page, "sur devis")
    assert Client().get(hidden.get_absolute_url()).status_code == 404
    assert Client().get(home(site), {"espace": hidden.space.code}).status_code == 200


def test_a_space_shows_layouts_pictures_and_what_is_included(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    make_rental_picture(rental, alt="Le hall, <tables> hautes", alt_en="The hall, high tables")
    page = Client().get(rental.get_absolute_url())
    for text in ("Debout", "60 personnes", "Le café", "480w", "1600w", "Le hall, &lt;tables&gt; hautes"):
        assertContains(page, text)
    english = Client().get(rental.get_absolute_url(), headers={"accept-language": "en"})
    assertContains(english, "The hall, high tables")
    assertContains(english, "Standing")


def test_a_space_is_described_to_search_engines(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    rental.pitch = "Un hall </script> clair"
    rental.save()
    page = text_of(Client().get(rental.get_absolute_url()))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["name"], data["maximumAttendeeCapacity"]) == ("EventVenue", "Le Quai", 60)
    assert data["makesOffer"]["priceSpecification"]["price"] == "37.50"
    assert data["description"] == "Un hall </script> clair"
    assert data["url"] == settings.PUBLIC_URL + rental.get_absolute_url()


def test_the_free_days_lead_to_the_form_with_them(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    page = Client().get(rental.get_absolute_url(), {"mois": "2026-12"})
    assertContains(page, f"{home(site)}?espace=quai&amp;jour=2026-12-01#demande")
    assertContains(page, "?mois=2027-01")
    form = Client().get(home(site), {"espace": "quai", "jour": "2026-12-01"})
    assertContains(form, 'value="2026-12-01"')
    assertContains(form, '<option value="quai" selected>Le Quai</option>', html=True)


def test_a_picture_is_given_while_its_space_is_shown(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    picture = make_rental_picture(rental, large=ALBUM.store(b"image d'essai"))
    at = reverse("bookings:rent_picture", args=[picture.large])
    assert b"".join(Client().get(at).streaming_content) == b"image d'essai"  # type: ignore[attr-defined]
    assert Client().get(reverse("bookings:rent_picture", args=["autre.jpg"])).status_code == 404
    assert Client().get(reverse("bookings:rent_picture", args=[picture.small])).status_code == 404
    rental.is_public = False
    rental.save()
    assert Client().get(at).status_code == 404


def test_the_price_follows_what_is_typed(site: Site) -> None:
    extra = make_extra(site)
    at = reverse("bookings:rent_price", args=[site.code])
    typed: dict[str, Any] = {name: ASKED[name] for name in ("day", "starts", "ends", "people", "space")}
    page = Client().get(at, {**typed, "extras": [extra.pk]})
    for text in ("Le Quai, 4\u00a0heures", "150,00", "60,00", "252,00\u00a0€"):
        assertContains(page, text)
    assertNotContains(page, "<html")
    assertContains(Client().get(at), "le prix indicatif s’affiche ici")
    assertContains(Client().get(at, {**typed, "space": "conseil"}), "le prix indicatif s’affiche ici")
    no_tariff(site)
    assertContains(Client().get(at, typed), "sur devis")


def test_before_it_is_sent_one_is_told_that_the_hours_are_taken_or_the_space_too_small(site: Site) -> None:
    at, quai = reverse("bookings:rent_price", args=[site.code]), site.spaces.get(code="quai")
    typed = {name: ASKED[name] for name in ("day", "starts", "ends", "people", "space")}
    make_plain_booking(space=quai, period=on(DAY, time(17), time(19)))
    assertContains(Client().get(at, typed), "déjà pris à ces heures")
    assertNotContains(Client().get(at, {**typed, "ends": "17:00"}), "déjà pris à ces heures")
    assertContains(Client().get(at, {**typed, "people": "61"}), "60")


@pytest.mark.parametrize(
    ("typed", "why", "instead"),
    [
        ({"layout": "u_shape"}, "Le Quai ne se dispose pas ainsi.", "debout (60 personnes)"),
        ({"space": "ab", "layout": "theatre"}, "ne se dispose pas ainsi.", "en réunion (16 personnes)"),
        ({"people": "46", "layout": "theatre"}, "Le Quai accueille 45 personnes au plus", "plus grand"),
        ({"day": "2026-11-23"}, "Ce créneau est déjà passé.", "un jour à venir"),
        ({"day": "2029-12-12"}, "deux ans à venir", ""),
        ({"day": "2026-12-13"}, "fermée le dimanche 13", "Prochain jour ouvert"),
        ({"day": "2026-12-13", "space": "conseil"}, "fermée le dimanche 13", "demander quand même"),
        ({"ends": "22:00"}, "la Cantine ferme à 18", "Ouvert le samedi 12"),
    ],
)
def test_what_is_impossible_is_told_with_what_is_possible_and_no_price(
    site: Site, typed: dict[str, str], why: str, instead: str
) -> None:
    make_rental_space(make_room(site, code="salle"), {"u_shape": 6}, position=3)
    at = reverse("bookings:rent_price", args=[site.code])
    page = Client().get(at, {**ASKED, "people": "10", **typed})
    assertContains(page, why)
    assertContains(page, instead)
    assertNotContains(page, "Prix indicatif")
