"""A piece of the plan: the space in its middle, twice as wide as high, with what stands around it."""

import pytest

from bookings.plan.piece import Piece, piece_of
from bookings.services import rules as reading
from tests.factories.places import Place, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def piece(place: Place, code: str) -> Piece:
    spaces = reading.of_site(place.site).premises.listed(place.site)
    found = piece_of(next(each for each in spaces if each.code == code), spaces)
    assert found is not None
    return found


def test_a_room_stands_in_the_middle_of_its_piece(place: Place) -> None:
    found = piece(place, "pommier")
    assert (found.view.w, found.view.h) == (624, 312)
    assert found.view.middle == 480 + 248 / 2
    assert found.chosen == {place.room("pommier").pk}
    assert found.floor.partition is not None
    assert found.desks == ()


def test_rooms_that_are_joined_are_both_in_butter_and_the_partition_is_folded(place: Place) -> None:
    parts = {place.room(code).pk for code in ("pommier", "poirier", "verger")}
    found = piece(place, "verger")
    assert found.chosen == parts
    assert found.floor.partition is None


def test_desks_are_drawn_where_they_are_seen(place: Place) -> None:
    found = piece(place, "poste-2")
    assert len(found.desks) == 3  # itself and its neighbours
    assert found.view.w == 2 * found.view.h


def test_where_no_floor_is_drawn_there_is_no_piece(place: Place) -> None:
    place.site.floors.update(drawing={})
    room = place.room("pommier")
    assert piece_of(room, [room]) is None
