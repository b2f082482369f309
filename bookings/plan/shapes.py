"""Shapes of the plan, in its own units (about 1.25 cm); numbers are ready to print as SVG attributes."""

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A straight wall, window or partition."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def upright(self) -> bool:
        """Whether it runs north to south."""
        return self.x1 == self.x2

    @property
    def span(self) -> Span:
        """From where to where along its own direction, smallest first."""
        ends = (self.y1, self.y2) if self.upright else (self.x1, self.x2)
        return min(ends), max(ends)

    @property
    def offset(self) -> float:
        """Where it lies across its direction."""
        return self.x1 if self.upright else self.y1

    def along(self, span: Span) -> "Line":
        """The piece of this line's course that covers `span`."""
        if self.upright:
            return Line(self.x1, span[0], self.x1, span[1])
        return Line(span[0], self.y1, span[1], self.y1)

    def covers(self, other: "Line") -> bool:
        """Whether `other` lies on this line and within its ends."""
        on_it = self.upright == other.upright and self.offset == other.offset
        return on_it and self.span[0] <= other.span[0] and other.span[1] <= self.span[1]


@dataclass(frozen=True)
class Box:
    """A rectangle, `r` being the radius of its corners."""

    x: float
    y: float
    w: float
    h: float
    r: float = 0

    @property
    def middle(self) -> float:
        """Its middle from west to east."""
        return self.x + self.w / 2

    @property
    def bottom(self) -> float:
        """Its southern edge."""
        return self.y + self.h

    def side(self, name: str) -> Line:
        """One of its sides: n, e, s or w."""
        east, south = self.x + self.w, self.y + self.h
        return {
            "n": Line(self.x, self.y, east, self.y),
            "e": Line(east, self.y, east, south),
            "s": Line(self.x, south, east, south),
            "w": Line(self.x, self.y, self.x, south),
        }[name]


@dataclass(frozen=True)
class Disc:
    """A round thing seen from above."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Label:
    """A word on the plan; `y` is its base line."""

    text: str
    x: float
    y: float


def opened(wall: Line, openings: Iterable[Line], *, overhang: float) -> list[Line]:
    """What stands of `wall` between its openings; its own ends overhang to close the corners."""
    start, end = wall.span
    gaps = sorted(gap.span for gap in openings if wall.covers(gap))
    pieces, at = [], start - overhang
    for gap_start, gap_end in gaps:
        pieces.append((at, gap_start))
        at = gap_end
    pieces.append((at, end + overhang))
    return [wall.along(piece) for piece in pieces if piece[1] > piece[0]]
