"""An event's page: facts, people, states; its structured data and the picture of a shared link."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import extruct
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from events.album import ALBUM
from events.models import Event, Partner, Speaker
from events.posters import FAMILIES, poster
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db


def data_of(event: Event) -> dict[str, Any]:
    """The one block of structured data on an event's page, as a strict reader finds it."""
    page = Client().get(event.get_absolute_url()).content.decode()
    read = extruct.extract(page, syntaxes=["json-ld"], errors="strict")
    (found,) = read["json-ld"]
    return dict(found)


def test_a_shared_link_shows_title_text_and_picture(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cantine.example"
    event = make_event()
    page = Client().get(event.get_absolute_url()).content.decode()
    read = extruct.extract(page, syntaxes=["opengraph"], errors="strict")
    (said,) = read["opengraph"]
    properties = dict(said["properties"])
    assert (properties["og:title"], properties["og:type"]) == (event.title, "event")
    assert properties["og:url"] == f"https://cantine.example{event.get_absolute_url()}"
    assert properties["og:image"].startswith("https://cantine.example/")


def test_the_page_says_when_where_who_and_how_much() -> None:
    event = make_event(tags=["css"], ticket={"price": "5.00"})
    Speaker.objects.create(event=event, name="Inès Essai", about="Fait des grilles.")
    Partner.objects.create(event=event, name="Maison d’essai", link="https://maison.example/")
    page = Client().get(event.get_absolute_url())
    for said in (
        "Inès Essai",
        "Fait des grilles.",
        "https://maison.example/",
        "#css",
        "5,00",
        "10 places sur 10",
    ):
        assertContains(page, said)


def test_cancelled_and_past_events_say_so_and_lead_on() -> None:
    off = make_event(state="cancelled", cancel_reason="La salle est inondée.")
    over = make_event(starts_at=timezone.now() - timedelta(days=2))
    page = Client().get(off.get_absolute_url())
    assertContains(page, "La salle est inondée.")
    assertContains(Client().get(over.get_absolute_url()), "Voir les prochains")


def test_structured_data_is_absolute_and_complete(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cantine.example"
    event = make_event(ticket={"price": "5.00"})
    found = data_of(event)
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Event")
    assert found["url"] == f"https://cantine.example{event.get_absolute_url()}"
    assert found["startDate"] == event.local.start.isoformat()
    assert found["eventStatus"] == "https://schema.org/EventScheduled"
    offers = found["offers"]
    assert (offers[0]["price"], offers[0]["priceCurrency"]) == ("5.00", "EUR")
    assert offers[0]["availability"] == "https://schema.org/InStock"


def test_a_cancelled_event_is_structured_as_cancelled_and_sells_nothing() -> None:
    found = data_of(make_event(state="cancelled"))
    assert found["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in found


def test_structured_data_cannot_be_broken_out_of() -> None:
    event = make_event(title="</script><script>alert(1)</script> & <!-- ")
    assert data_of(event)["name"] == event.title
    assertNotContains(Client().get(event.get_absolute_url()), "<script>alert")


def test_the_link_of_an_online_event_is_in_no_structured_data() -> None:
    event = make_event(where="online", space=None, online_link="https://visio.example/secret")
    assert "visio.example" not in json.dumps(data_of(event))


def test_an_event_in_the_browser_of_its_writer_before_it_is_public_is_not_shared() -> None:
    event, browser = make_event(audience="members"), Client()
    browser.force_login(event.created_by)
    page = browser.get(event.get_absolute_url())
    assertContains(page, 'content="noindex"')
    assertNotContains(page, "ld+json")
    assertNotContains(page, "og:image")


def test_the_picture_of_a_shared_link_is_a_real_picture_kept_by_its_etag() -> None:
    event = make_event(
        title="Une soirée au titre si long qu’il ne tient pas sur une ligne du tout", summary=""
    )
    address = reverse("events:sharing_picture", args=[event.slug])
    answer = Client().get(address)
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 150_000
    assertContains(Client().get(event.get_absolute_url()), address)
    assert Client().get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_shared_link_shows_the_events_own_picture_where_there_is_one(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    drawn = BytesIO()
    Image.new("RGB", (1600, 900), (200, 30, 40)).save(drawn, "JPEG")
    event = make_event(
        picture=ALBUM.store(drawn.getvalue()), picture_small="petite.jpg", picture_alt="Un mur rouge"
    )
    answer = Client().get(reverse("events:sharing_picture", args=[event.slug]))
    shown = Image.open(BytesIO(answer.content)).convert("RGB")
    red, green, _blue = cast("tuple[int, int, int]", shown.getpixel((600, 100)))
    assert (red > 150, green < 80) == (True, True)
    assert shown.size == (1200, 630)


def test_members_events_have_no_picture_to_share() -> None:
    event = make_event(audience="members")
    assert Client().get(reverse("events:sharing_picture", args=[event.slug])).status_code == 404


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_slug_draws_the_same_poster(family: str) -> None:
    first = poster("atelier-2026-12-01", family, 3, 4)
    poster.cache_clear()
    assert poster("atelier-2026-12-01", family, 3, 4) == first
    assert first.shapes
    assert poster("autre-2026-12-01", family, 3, 4) != first
