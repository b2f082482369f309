"""A desk on the plan: where its parts are drawn, whichever way it is turned."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bookings.plan.shapes import Box

TARGET = 122


@dataclass(frozen=True)
class Desk:
    """Geometry of one desk: the top and the seat are turned, the number and the marks never are.

    `turned` and `upright` transform what stands in the seat zone, drawn with its middle at (61, 95).
    """

    target: Box
    top: Box
    seat_x: float
    seat_y: float
    number_x: float
    number_y: float
    turned: str
    upright: str


def desk_of(space: Any) -> Desk:
    """Place the parts of a desk that may be turned by 0, 90, 180 or 270 degrees."""
    return _placed(float(space.x), float(space.y), int(space.rotation) % 360)


@lru_cache(1024)
def _placed(x: float, y: float, turn: int) -> Desk:
    top = {
        0: Box(x + 4, y + 4, 114, 68, 9),
        90: Box(x + 50, y + 4, 68, 114, 9),
        180: Box(x + 4, y + 50, 114, 68, 9),
        270: Box(x + 4, y + 4, 68, 114, 9),
    }[turn - turn % 90]
    seat = {0: (61, 95), 90: (27, 61), 180: (61, 27), 270: (95, 61)}[turn - turn % 90]
    return Desk(
        target=Box(x, y, TARGET, TARGET),
        top=top,
        seat_x=x + seat[0],
        seat_y=y + seat[1],
        number_x=top.middle,
        number_y=top.y + top.h / 2,
        turned=f"translate({x:g} {y:g}) rotate({turn - turn % 90} 61 61)",
        upright=f"translate({x + seat[0] - 61:g} {y + seat[1] - 95:g})",
    )
