"""Posters of events without a picture: tiles drawn from the slug, the same each time (look.md §5).

A poster is plain shapes on a grid of tiles of 20 units, so that a template draws it as SVG and the sharing
picture (events/sharing.py) as pixels.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

TILE = 20
PALETTES = (
    ("#0B5A63", "#F6EFDF", "#F6CB57", "#BE2D28"),
    ("#BE2D28", "#F9E0D7", "#F6CB57", "#16262A"),
    ("#F6CB57", "#16262A", "#FFFDF8", "#BE2D28"),
    ("#16262A", "#F6EFDF", "#BE2D28", "#F6CB57"),
    ("#2A653B", "#F6EFDF", "#F6CB57", "#16262A"),
    ("#F1E8D6", "#0B5A63", "#BE2D28", "#F6CB57"),
)
"""Ground, two tones, accent."""
CORNERS = ((0, 0, 0), (1, 0, 90), (1, 1, 180), (0, 1, 270))
"""Corner of a tile → where its quarter disc begins, clockwise from the right."""
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A polygon, or a disc, or its quarter from `turn` degrees on (clockwise from the right)."""

    fill: str
    points: tuple[Point, ...] = ()
    x: float = 0
    y: float = 0
    r: float = 0
    turn: int | None = None

    @property
    def d(self) -> str:
        """The shape as an SVG path."""
        if self.points:
            return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.points) + "z"
        x, y, r = self.x, self.y, self.r
        if self.turn is None:
            return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
        ends = ((r, 0), (0, r), (-r, 0), (0, -r))
        first, last = ends[self.turn // 90], ends[(self.turn // 90 + 1) % 4]
        return f"M{x:g} {y:g}l{first[0]:g} {first[1]:g}A{r:g} {r:g} 0 0 1 {x + last[0]:g} {y + last[1]:g}z"


@dataclass(frozen=True)
class Poster:
    """A ground and the shapes on it, `width` × `height` units."""

    width: int
    height: int
    ground: str
    shapes: tuple[Shape, ...]


@lru_cache(maxsize=512)
def poster(slug: str, tile: str, columns: int, rows: int) -> Poster:
    """Draw the poster of an event: its slug is the seed, `tile` the family of its category."""
    dice = random.Random(f"{slug}/{columns}")  # noqa: S311  # a picture, not a secret
    palette = random.Random(slug).choice(PALETTES)  # noqa: S311  # the same colours at every size
    draw = FAMILIES.get(tile, timber)
    shapes: list[Shape] = []
    for row in range(rows):
        for column in range(columns):
            shapes += [moved(each, column * TILE, row * TILE) for each in draw(dice, palette)]
    return Poster(columns * TILE, rows * TILE, palette[0], tuple(shapes))


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """The same shape elsewhere."""
    points = tuple((x + dx, y + dy) for x, y in shape.points)
    return Shape(shape.fill, points, shape.x + dx, shape.y + dy, shape.r, shape.turn)


def timber(dice: random.Random, palette: tuple[str, ...]) -> list[Shape]:
    """Half-timbering: braces, crosses, chevrons, twin posts, beams."""
    tone = dice.choice((palette[1], palette[1], palette[1], palette[2], palette[3]))
    beams: tuple[tuple[tuple[Point, ...], ...], ...] = (
        (((0, 0), (9, 0), (20, 11), (20, 20)),),
        (((20, 0), (20, 9), (9, 20), (0, 20)),),
        (
            ((0, 0), (6, 0), (20, 14), (20, 20), (14, 20), (0, 6)),
            ((14, 0), (20, 0), (20, 6), (6, 20), (0, 20), (0, 14)),
        ),
        (((0, 10), (10, 0), (20, 10), (20, 20), (10, 10), (0, 20)),),
        (((0, 0), (10, 10), (20, 0), (20, 10), (10, 20), (0, 10)),),
        (((2, 0), (8, 0), (8, 20), (2, 20)), ((12, 0), (18, 0), (18, 20), (12, 20))),
        (((0, 4), (20, 4), (20, 12), (0, 12)),),
        (((0, 0), (20, 0), (0, 20)),),
    )  # fmt: skip
    return [Shape(tone, points) for points in dice.choice(beams)]


def plate(dice: random.Random, palette: tuple[str, ...]) -> list[Shape]:
    """Plates, bowls, quarter discs, peas."""
    tone = dice.choice(palette[1:])
    kind = dice.randrange(4)
    if kind == 0:
        return [Shape(tone, x=10, y=10, r=9), Shape(palette[0], x=10, y=10, r=5)]
    if kind == 1:
        return [Shape(tone, x=10, y=10, r=9)]
    if kind == 2:
        x, y, turn = dice.choice(CORNERS)
        return [Shape(tone, x=x * TILE, y=y * TILE, r=20, turn=turn)]
    return [Shape(tone, x=10, y=10, r=3.5)]


def voice(dice: random.Random, palette: tuple[str, ...]) -> list[Shape]:
    """Three concentric quarter arcs, or a dot."""
    tone = dice.choice(palette[1:])
    if dice.random() < 0.15:
        return [Shape(tone, x=10, y=10, r=6.5)]
    x, y, turn = dice.choice(CORNERS)
    radii = ((20, tone), (16.5, palette[0]), (13, tone), (9.5, palette[0]), (6, tone))
    return [Shape(fill, x=x * TILE, y=y * TILE, r=r, turn=turn) for r, fill in radii]


def cloth(dice: random.Random, palette: tuple[str, ...]) -> list[Shape]:
    """Gingham, with a plate here and there."""
    half = [Shape(palette[1], ((0, 0), (10, 0), (10, 10), (0, 10)))]
    rest = [
        Shape(palette[2], ((10, 0), (20, 0), (20, 10), (10, 10))),
        Shape(palette[2], ((0, 10), (10, 10), (10, 20), (0, 20))),
    ]
    if dice.random() < 0.2:
        return [*half, *rest, Shape(palette[3], x=10, y=10, r=8), Shape(palette[1], x=10, y=10, r=4.5)]
    return [*half, *rest]


FAMILIES: dict[str, Callable[[random.Random, tuple[str, ...]], list[Shape]]] = {
    "colombage": timber,
    "assiette": plate,
    "voix": voice,
    "nappe": cloth,
}
