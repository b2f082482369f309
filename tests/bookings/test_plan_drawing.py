"""The plan's geometry, without a database."""

from types import SimpleNamespace

import pytest

from bookings.plan.desks import desk_of
from bookings.plan.drawing import draw
from bookings.plan.shapes import Line, opened
from tests.factories.places import DRAWING


@pytest.mark.parametrize(
    ("rotation", "top", "seat"),
    [(0, (4, 4, 114, 68), (61, 95)), (180, (4, 50, 114, 68), (61, 27)), (90, (50, 4, 68, 114), (27, 61))],
)
def test_a_turned_desk_keeps_its_target_and_moves_its_seat(
    rotation: int, top: tuple[int, ...], seat: tuple[int, int]
) -> None:
    desk = desk_of(SimpleNamespace(x=0, y=0, rotation=rotation))
    assert (desk.top.x, desk.top.y, desk.top.w, desk.top.h) == top
    assert (desk.seat_x, desk.seat_y) == seat


def test_a_wall_is_opened_where_windows_are() -> None:
    pieces = opened(Line(0, 0, 100, 0), [Line(20, 0, 40, 0), Line(20, 5, 40, 5)], overhang=6)
    assert [piece.span for piece in pieces] == [(-6, 20), (40, 106)]


def test_a_joined_room_is_not_drawn_over_its_parts() -> None:
    def room(name: str, x: int, door: dict[str, object] | None) -> SimpleNamespace:
        return SimpleNamespace(
            kind="room",
            short_name=name,
            name=name,
            short=name,
            capacity=6,
            x=x,
            y=544,
            w=248,
            h=272,
            door=door,
        )

    door = {"side": "s", "at": 536, "w": 70}
    floor = draw(DRAWING, [room("Pommier", 480, door), room("Verger", 480, None)])
    assert [each.space.short_name for each in floor.rooms] == ["Pommier"]
    assert floor.phone_height == 832
    assert len(floor.water) == 3


def test_a_site_without_a_drawing_has_an_empty_one() -> None:
    floor = draw({}, [])
    assert (floor.walls, floor.rooms, floor.water) == ((), (), ())
