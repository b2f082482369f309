"""The picture of an event: its sentence, what it outlives, what is dropped."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains

from bookings.models import Site
from events.album import ALBUM
from events.models import Event
from members.models import User
from tests.events.publishing.steps import browser_of, picture, typed, url

pytestmark = pytest.mark.django_db


def test_a_picture_needs_its_sentence_and_is_shown_to_those_who_may_read_the_event(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    page = browser.post(url("propose"), typed(site, do="publish", picture=picture()))
    assertContains(page, "Décrivez l’image", status_code=422)
    assert not Event.objects.exists()
    browser.post(url("propose"), typed(site, do="save", picture=picture(), picture_alt="Une table bleue"))
    event = Event.objects.get()
    address = url("picture", event.picture)
    assert Client().get(address).status_code == 404
    shown = browser.get(address)
    assert (shown.status_code, shown["Content-Type"], (event.picture_width, event.picture_height)) == (
        200,
        "image/jpeg",
        (900, 600),
    )
    browser.post(url("decide", event.slug), {"do": "publish"})
    assert "public" in Client().get(address)["Cache-Control"]


def test_a_picture_outlives_what_is_to_be_corrected_elsewhere(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    wrong = typed(site, title="", do="save", picture=picture(), picture_alt="Une table")
    page = browser.post(url("propose"), wrong)
    assertContains(page, "Votre image est gardée", status_code=422)
    again = {"kept_picture": page.context["main"].picture_ticket, "picture_alt": "Une table"}
    browser.post(url("propose"), typed(site, do="save", **again))
    assert (Event.objects.get().picture_width, Event.objects.get().picture_alt) == (900, "Une table")


def test_a_forged_word_brings_back_no_picture(site: Site, volunteer: User) -> None:
    browser_of(volunteer).post(url("propose"), typed(site, do="save", kept_picture="W1tdXQ:forged:word"))
    assert Event.objects.get().picture == ""


def test_pictures_that_no_event_shows_are_dropped_after_two_days(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    browser.post(url("propose"), typed(site, do="save", picture=picture(), picture_alt="Une table"))
    left = typed(site, title="", do="save", picture=picture((640, 480)), picture_alt="Une autre")
    browser.post(url("propose"), left)
    assert len(list((tmp_path / "events").iterdir())) == 4
    used, now = Event.objects.pictures(), timezone.now()
    assert ALBUM.drop_unused(used, now=now) == 0
    assert ALBUM.drop_unused(used, now=now + timedelta(days=3)) == 2
    assert {each.name for each in (tmp_path / "events").iterdir()} == used
