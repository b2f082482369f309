"""One floor, drawn: walls, windows, doors, rooms and furniture, computed once per floor and page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.plan import furniture
from bookings.plan.shapes import Box, Label, Line, opened

OUTER_HALF, INNER_HALF = 6, 3.5
PARTITION_INSET = 12


class Placed(Protocol):
    """What the drawing reads of a space."""

    kind: str
    short_name: str
    capacity: int
    x: Any
    y: Any
    w: Any
    h: Any
    door: Any


@dataclass(frozen=True)
class Room:
    """A room with its table, its name and the way its door opens."""

    box: Box
    furniture: furniture.Furniture
    labels: tuple[Label, ...]
    swing: str
    space: Placed


@dataclass(frozen=True)
class Drawing:
    """Everything the plan's template prints, but for the desks."""

    width: float
    height: float
    phone_height: float
    ground: Box
    water: tuple[str, ...]
    walls: tuple[Line, ...]
    inner_walls: tuple[Line, ...]
    windows: tuple[Line, ...]
    partition: Line | None
    rooms: tuple[Room, ...]
    halls: tuple[Room, ...]
    kitchens: tuple[furniture.Kitchen, ...]
    counters: tuple[furniture.Counter, ...]
    lockers: tuple[Box, ...]
    entrances: tuple[furniture.Entrance, ...]


def draw(plan: Mapping[str, Any], spaces: Iterable[Placed]) -> Drawing:
    """Compute the drawing of a floor from its `drawing` data and its rooms and halls.

    Of spaces that share the same walls (rooms and the space they make when joined) only the parts are drawn.
    """
    rooms = [space for space in spaces if space.kind in {"room", "booth"} and not is_joined(space)]
    halls = [space for space in spaces if space.kind == "hall"]
    outer, windows = lines(plan.get("walls")), lines(plan.get("windows"))
    doors = lines(plan.get("doors"))
    partition = line(plan["partition"]) if plan.get("partition") else None
    kitchens = [item for item in plan.get("furniture", ()) if item["kind"] == "kitchen"]
    width, height = plan.get("viewbox", (0, 0, 1000, 1200))[2:]
    return Drawing(
        width=width,
        height=height,
        phone_height=plan.get("phone_viewbox", (0, 0, width, height))[3],
        ground=ground_of(outer),
        water=furniture.water(width) if "Seine" in plan.get("orientation", "") else (),
        walls=tuple(piece for wall in outer for piece in opened(wall, windows + doors, overhang=OUTER_HALF)),
        inner_walls=inner_walls(rooms, kitchens, outer=outer, partition=partition),
        windows=tuple(windows),
        partition=inset(partition) if partition else None,
        rooms=tuple(room_of(space) for space in rooms),
        halls=tuple(hall_of(space) for space in halls),
        kitchens=tuple(furniture.kitchen(box_of(item), item.get("name", "")) for item in kitchens),
        counters=tuple(
            furniture.Counter(box_of(item), item.get("name", "").lower())
            for item in plan.get("furniture", ())
            if item["kind"] == "counter"
        ),
        lockers=tuple(
            cell
            for item in plan.get("furniture", ())
            if item["kind"] == "lockers"
            for cell in furniture.lockers(box_of(item))
        ),
        entrances=tuple(
            furniture.entrance(line(door), door.get("name", "")) for door in plan.get("doors", ())
        ),
    )


def is_joined(space: Placed) -> bool:
    """Whether a room is several joined ones: it has no door of its own and no walls to draw."""
    return not space.door


def line(data: Mapping[str, Any]) -> Line:
    """Read a line of the floor's data."""
    return Line(data["x1"], data["y1"], data["x2"], data["y2"])


def lines(data: Iterable[Mapping[str, Any]] | None) -> list[Line]:
    """Read several lines of the floor's data."""
    return [line(item) for item in data or ()]


def box_of(thing: Any) -> Box:
    """The rectangle of a space or of a piece of furniture."""
    if isinstance(thing, Mapping):
        return Box(thing["x"], thing["y"], thing["w"], thing["h"])
    return Box(thing.x, thing.y, thing.w, thing.h)


def ground_of(outer: list[Line]) -> Box:
    """The rectangle within the outer walls."""
    if not outer:
        return Box(0, 0, 0, 0)
    xs = [x for wall in outer for x in (wall.x1, wall.x2)]
    ys = [y for wall in outer for y in (wall.y1, wall.y2)]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def inset(partition: Line) -> Line:
    """The folding wall, a little short of the walls it meets."""
    start, end = partition.span
    return partition.along((start + PARTITION_INSET, end - PARTITION_INSET))


def inner_walls(
    rooms: list[Placed], kitchens: list[Any], *, outer: list[Line], partition: Line | None
) -> tuple[Line, ...]:
    """The walls round the rooms and the kitchen, but where an outer wall or the partition stands."""
    openings = [door for room in rooms if (door := door_line(room))]
    openings += [furniture.kitchen_opening(box_of(item)) for item in kitchens]
    pieces = []
    for thing in (*rooms, *kitchens):
        for name in "nesw":
            side = box_of(thing).side(name)
            if any(wall.covers(side) for wall in outer) or (partition and partition.covers(side)):
                continue
            pieces += opened(side, openings, overhang=INNER_HALF)
    return tuple(dict.fromkeys(pieces))


def door_line(room: Placed) -> Line | None:
    """Where a room's door stands in its wall."""
    if not room.door:
        return None
    side = box_of(room).side(room.door["side"])
    return side.along((room.door["at"], room.door["at"] + room.door["w"]))


def swing_of(room: Placed) -> str:
    """The leaf and the quarter circle of a door that opens outwards, hinged at the wall's nearer end."""
    opening = door_line(room)
    if opening is None:
        return ""
    box, (start, end) = box_of(room), opening.span
    wide = end - start
    out = 1 if room.door["side"] in "se" else -1
    middle = box.y + box.h / 2 if opening.upright else box.middle
    hinge, free = (end, start) if (start + end) / 2 > middle else (start, end)
    clockwise = int((free > hinge) != (out > 0))
    if opening.upright:
        x = opening.offset
        return f"M{x} {hinge}h{out * wide}A{wide} {wide} 0 0 {1 - clockwise} {x} {free}"
    y = opening.offset
    return f"M{hinge} {y}v{out * wide}A{wide} {wide} 0 0 {clockwise} {free} {y}"


def room_of(space: Placed) -> Room:
    """A room's drawing: a table for several, an armchair for one."""
    box = box_of(space)
    if space.capacity > 1:
        places = ngettext("%(number)s place", "%(number)s places", space.capacity)
        labels = (
            Label(space.short_name, box.middle, box.bottom - 46),
            Label(places % {"number": space.capacity}, box.middle, box.bottom - 14),
        )
        return Room(box, furniture.meeting_table(box, space.capacity), labels, swing_of(space), space)
    label = Label(space.short_name, box.middle, box.bottom - 25)
    return Room(box, furniture.armchair(box), (label,), swing_of(space), space)


def hall_of(space: Placed) -> Room:
    """The hall: no walls of its own, high tables and its name."""
    box = box_of(space)
    labels = (
        Label(space.short_name, box.x + box.w * 0.72, box.y + 92),
        Label(_("hall, %(number)s places") % {"number": space.capacity}, box.x + box.w * 0.72, box.y + 125),
    )
    return Room(box, furniture.high_tables(box), labels, "", space)
