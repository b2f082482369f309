"""What a manager types into a drawing never breaks the page of the plan."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.members import make_user
from tests.factories.places import make_place

pytestmark = pytest.mark.django_db


def manager() -> Client:
    client = Client()
    client.force_login(make_user(role="manager"))
    return client


def values_of(client: Client, at: str) -> dict[str, Any]:
    """What the form of a page holds, to be sent again."""
    form = client.get(at).context["adminform"].form
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


@pytest.mark.parametrize("drawing", ['["mur"]', '{"walls": 3}', '{"walls": [{"x1": 1}]}', '{"viewbox": [0]}'])
def test_a_drawing_that_can_not_be_drawn_is_refused(drawing: str) -> None:
    place, client = make_place(), manager()
    floor = place.site.floors.get()
    at = reverse("admin:bookings_floor_change", args=[floor.pk])
    assert client.post(at, {**values_of(client, at), "drawing": drawing}).status_code == 200
    before = floor.drawing
    floor.refresh_from_db()
    assert floor.drawing == before


def test_a_floor_may_have_no_drawing() -> None:
    place, client = make_place(), manager()
    floor = place.site.floors.get()
    at = reverse("admin:bookings_floor_change", args=[floor.pk])
    assert client.post(at, {**values_of(client, at), "drawing": ""}).status_code == 302
    assert client.get(reverse("bookings:desks", args=[place.site.code, place.day])).status_code == 200


@pytest.mark.parametrize("door", ['["s"]', '{"side": "z", "at": 1, "w": 1}', '{"side": "s"}', '"s"'])
def test_a_door_that_can_not_be_drawn_is_refused(door: str) -> None:
    place, client = make_place(), manager()
    room = place.room("pommier")
    at = reverse("admin:bookings_space_change", args=[room.pk])
    assert client.post(at, {**values_of(client, at), "door": door}).status_code == 200
    before = room.door
    room.refresh_from_db()
    assert room.door == before
