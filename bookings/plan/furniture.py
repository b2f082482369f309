"""What stands in the rooms, seen from above."""

from dataclasses import dataclass

from bookings.plan.shapes import Box, Disc, Label, Line

CHAIR, PITCH, TABLE = 13, 36, 88
STOOL, HIGH_TABLE, STOOL_AWAY = 10, 30, 46
PLATE_PITCH = 46
SIDES = {"n": (0, -1), "e": (1, 0), "s": (0, 1), "w": (-1, 0)}


@dataclass(frozen=True)
class Furniture:
    """Tables, chairs and one free path."""

    tables: tuple[Box, ...] = ()
    discs: tuple[Disc, ...] = ()
    seats: tuple[Disc, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Kitchen:
    """The kitchen with its laid table under the gingham cloth."""

    box: Box
    cloth: Box
    seats: tuple[Disc, ...]
    plates: tuple[Disc, ...]
    worktop: Box
    hobs: tuple[Disc, ...]
    sink: Box
    label: Label


@dataclass(frozen=True)
class Counter:
    """The reception counter, with its word in it."""

    box: Box
    name: str


@dataclass(frozen=True)
class Entrance:
    """The way in from outside: leaf, red arrow and the door's name."""

    gap: Line
    swing: str
    arrow: str
    label: Label


def meeting_table(room: Box, capacity: int) -> Furniture:
    """A table in the northern half, with half of the chairs on either side (drawn up to ten)."""
    rows = min(-(-capacity // 2), 5)
    table = Box(room.middle - TABLE / 2, room.y + 26, TABLE, PITCH * rows + 6, 12)
    seats = tuple(
        Disc(x, table.y + 21 + PITCH * row, CHAIR)
        for x in (table.x - 18, table.x + TABLE + 18)
        for row in range(rows)
    )
    return Furniture(tables=(table,), seats=seats)


def armchair(room: Box) -> Furniture:
    """The one seat of a telephone booth."""
    x, y = room.middle, room.y + 34
    return Furniture(path=f"M{x - 26} {y}h52v20a26 26 0 0 1-52 0z")


def high_tables(hall: Box) -> Furniture:
    """Three round tables with stools along the west of a hall that is large enough."""
    if hall.w < 300 or hall.h < 250:
        return Furniture()
    places = (
        (hall.x + 92, hall.y + 62, "ewn"),
        (hall.x + 216, hall.y + 116, "ewns"),
        (hall.x + 92, hall.y + 150, "ew"),
    )
    return Furniture(
        discs=tuple(Disc(x, y, HIGH_TABLE) for x, y, _ in places),
        seats=tuple(
            Disc(x + SIDES[side][0] * STOOL_AWAY, y + SIDES[side][1] * STOOL_AWAY, STOOL)
            for x, y, sides in places
            for side in sides
        ),
    )


def kitchen(box: Box, name: str) -> Kitchen:
    """A kitchen's table for as many as fit, its worktop along the east wall."""
    worktop = Box(box.x + box.w - 42, box.y + 14, 35, box.h - 28, 2)
    middle = box.x + (box.w - 54) / 2
    rows = max(int((box.w - 110) // PLATE_PITCH), 2)
    cloth = Box(middle - (rows * PLATE_PITCH + 20) / 2, box.y + 136, rows * PLATE_PITCH + 20, 92, 8)
    columns = [middle + PLATE_PITCH * (row - (rows - 1) / 2) for row in range(rows)]
    return Kitchen(
        box=box,
        cloth=cloth,
        seats=tuple(Disc(x, y, CHAIR) for y in (cloth.y - 16, cloth.bottom + 16) for x in columns),
        plates=tuple(Disc(x, y, 15) for y in (cloth.y + 21, cloth.bottom - 21) for x in columns),
        worktop=worktop,
        hobs=tuple(Disc(worktop.middle, box.y + y, 11) for y in (74, 107)),
        sink=Box(worktop.x + 5, worktop.bottom - 125, 25, 52, 4),
        label=Label(name, middle, box.y + 72),
    )


def kitchen_opening(box: Box) -> Line:
    """The way into the kitchen, in its west wall; it has no door."""
    return box.side("w").along((box.y + 74, box.y + 154))


def lockers(box: Box) -> tuple[Box, ...]:
    """Cells of about 44 units, one above the other."""
    count = max(round(box.h / 44), 1)
    return tuple(Box(box.x, box.y + box.h / count * cell, box.w, box.h / count) for cell in range(count))


def entrance(gap: Line, name: str) -> Entrance:
    """A door in a horizontal outer wall that opens inwards; its name follows the last comma."""
    (start, end), y = gap.span, gap.offset
    wide, middle = end - start, (start + end) / 2
    return Entrance(
        gap=gap,
        swing=f"M{start} {y}v{-wide}A{wide} {wide} 0 0 1 {end} {y}",
        arrow=f"M{middle} {y - 3}l16 18h-32z",
        label=Label(name.rsplit(",", 1)[-1].strip(), end + 17, y - 25),
    )


def water(width: float) -> tuple[str, ...]:
    """Three lines of waves along the north, from edge to edge."""
    length, height = 88, 8
    waves = int(width // length) + 2
    return tuple(
        f"M{-shift} {y}" + f"q{length / 4} {-height} {length / 2} 0t{length / 2} 0" * waves
        for y, shift in ((10, 20), (22, 60), (34, 40))
    )
