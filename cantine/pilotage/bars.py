"""Bars of each month as shapes, with a mark where the year before stood. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

WIDTH, HEIGHT = 1012, 212
LEFT, RIGHT, TOP, BOTTOM = 46, 1010, 16, 182
TIGHT, WIDEST, LINES = 0.64, 34.0, 4
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True)
class Box:
    """A part of a bar; `kind` is its fill."""

    kind: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Bars:
    """Everything to draw."""

    boxes: list[Box] = field(default_factory=list)
    marks: list[tuple[float, float, float]] = field(default_factory=list)
    ticks: list[tuple[float, int]] = field(default_factory=list)
    labels: list[tuple[float, date]] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def draw(
    months: Sequence[date],
    series: Sequence[tuple[str, Sequence[int | None]]],
    before: Sequence[int | None] = (),
    *,
    at_least: int = 4,
) -> Bars:
    """Stack the series month by month, from the bottom; `at_least` is what the scale reaches."""
    sums = [sum(values[rank] or 0 for _kind, values in series) for rank in range(len(months))]
    top = max([*sums, *(value or 0 for value in before), at_least])
    step = next((each for each in STEPS if each * LINES >= top), top)
    high = step * -(-top // step)
    found, place = Bars(), (RIGHT - LEFT) / max(len(months), 1)
    wide = min(place * TIGHT, WIDEST)
    for rank, month in enumerate(months):
        middle, y = LEFT + place * (rank + 0.5), float(BOTTOM)
        for kind, values in series:
            tall = (BOTTOM - TOP) * (values[rank] or 0) / high
            y -= tall
            if tall:
                found.boxes.append(
                    Box(kind, round(middle - wide / 2, 1), round(y, 1), round(wide, 1), round(tall, 1))
                )
        if before and before[rank] is not None:
            at = BOTTOM - (BOTTOM - TOP) * (before[rank] or 0) / high
            found.marks.append(
                (round(middle - wide / 2 - 4, 1), round(middle + wide / 2 + 4, 1), round(at, 1))
            )
        found.labels.append((round(middle, 1), month))
    for value in range(0, high + 1, step):
        found.ticks.append((round(BOTTOM - (BOTTOM - TOP) * value / high, 1), value))
    return found
