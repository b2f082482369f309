"""Where one's place is: the plan without words, for the ticket."""

from collections.abc import Iterable
from dataclasses import dataclass

from bookings.models import Space
from bookings.plan.desks import Desk, desk_of
from bookings.plan.drawing import Drawing, box_of, draw
from bookings.plan.shapes import Box


@dataclass(frozen=True)
class Locator:
    """Walls and rooms, the other desks, and mine (a desk, or the box of a room)."""

    floor: Drawing
    height: float
    desks: tuple[Desk, ...]
    mine: Desk | None
    room: Box | None


def locate(space: Space, neighbours: Iterable[Space]) -> Locator | None:
    """Draw where `space` is among its floor's other spaces; None where no floor is drawn."""
    if space.floor is None or not space.floor.drawing.get("walls"):
        return None
    others = list(neighbours)
    floor = draw(space.floor.drawing, [each for each in others if not each.is_desk])
    box = box_of(space)
    return Locator(
        floor=floor,
        height=floor.height if box.bottom > floor.phone_height else floor.phone_height,
        desks=tuple(desk_of(each) for each in others if each.is_desk and each.pk != space.pk),
        mine=desk_of(space) if space.is_desk else None,
        room=None if space.is_desk else box,
    )
