"""A piece of the plan: a space in butter with what stands around it, for the pages of rentals."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bookings.models import Space
from bookings.plan.desks import Desk, desk_of
from bookings.plan.drawing import Drawing, box_of, draw
from bookings.plan.shapes import Box
from bookings.services.rules import atoms_of

MARGIN = 20
RATIO = 2
AROUND = 1.22


@dataclass(frozen=True)
class Piece:
    """What a card shows: `view` of the floor, and the ids of the spaces that are chosen."""

    floor: Drawing
    view: Box
    desks: tuple[Desk, ...]
    chosen: frozenset[int]


def piece_of(space: Space, neighbours: Iterable[Space]) -> Piece | None:
    """Cut the plan around `space`, twice as wide as high; None where no floor is drawn.

    A hall, which has no walls of its own, is shown in the whole width of the floor; of rooms that are joined
    the partition is folded away.
    """
    if space.floor is None or not space.floor.drawing.get("walls"):
        return None
    others = [each for each in neighbours if each.floor_id == space.floor_id]
    floor, chosen = draw(space.floor.drawing, [each for each in others if not each.is_desk]), atoms_of(space)
    if len(chosen) > 1:
        floor = replace(floor, partition=None)
    view = view_of(box_of(space), floor, whole=space.kind == Space.Kind.HALL)
    desks = tuple(desk_of(each) for each in others if each.is_desk)
    seen = tuple(desk for desk in desks if touches(desk.target, view))
    return Piece(floor, view, seen, frozenset({space.pk, *chosen}))


def view_of(box: Box, floor: Drawing, *, whole: bool) -> Box:
    """The part of the floor that is shown, with `box` in its middle."""
    wide = max((box.h + 2 * MARGIN) * RATIO, box.w * AROUND)
    wide, middle = (floor.width, floor.width / 2) if whole else (wide, box.middle)
    high = max(wide / RATIO, box.h + 2 * MARGIN)
    return Box(middle - wide / 2, box.y + box.h / 2 - high / 2, wide, high)


def touches(box: Box, view: Box) -> bool:
    """Whether they share some of the floor."""
    across = box.x < view.x + view.w and view.x < box.x + box.w
    return across and box.y < view.bottom and view.y < box.bottom
