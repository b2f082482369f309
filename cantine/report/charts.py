"""Charts of a report as shapes, the same on a page and on paper; the page's colours are in its sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from cantine.pilotage.figures.heat import scale_of, shade
from cantine.report.told import Chart, Series

WIDTH, LEFT, RIGHT, TOP, BOTTOM, FOOT = 720, 58, 716, 34, 214, 240
TIGHT, WIDEST = 0.62, 46.0
LINES = 4
SWATCH, LETTER = 30, 6.4
"""Room of a swatch, and of a letter of its name, in the legend."""
CELL = 26
FILLS = ("#0B5A63", "#B5D3CC", "#857A65", "#FFFDF8", "#16262A")
"""On paper; told apart in grey too (styles of the page: static/css/*/report…)."""
SHADES = ("#F1E8D6", "#DBEAE5", "#B5D3CC", "#33737A", "#0B5A63")
ROUND = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Shape:
    """A rectangle, with its fill by rank and on paper."""

    rank: int
    paper: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Word:
    """A text, where it stands and how: "start", "middle" or "end"."""

    text: str
    x: float
    y: float
    anchor: str = "middle"
    light: bool = False


@dataclass
class Drawing:
    """Everything to draw."""

    text: str
    height: int = FOOT
    boxes: list[Shape] = field(default_factory=list)
    cells: list[Shape] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    paths: list[tuple[int, str]] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT


def svg_of(chart: Chart | dict[str, Any], language: str = "fr") -> str:
    """A chart as SVG."""
    return render_to_string("report/chart.svg", {"drawing": drawn(chart, language)})


def drawn(chart: Chart | dict[str, Any], language: str = "fr") -> Drawing:
    """Lay a chart out. Pure."""
    if chart["sort"] == "heat":
        return _heat(chart["text"], chart["labels"], chart["series"])
    found = Drawing(chart["text"])
    stacked = chart["sort"] == "stack"
    low, high, step = _axis(chart, stacked=stacked)

    def up(value: float) -> float:
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)

    for value in range(low, high + 1, step):
        found.rules.append(up(value))
        found.words.append(Word(_number(value, chart["unit"], language), LEFT - 8, up(value) + 4, "end"))
    slot = (RIGHT - LEFT) / max(len(chart["labels"]), 1)
    middles = [round(LEFT + slot * (rank + 0.5), 1) for rank in range(len(chart["labels"]))]
    found.words += [Word(label, x, BOTTOM + 18) for label, x in zip(chart["labels"], middles, strict=True)]
    if stacked:
        _stack(found, chart["series"], middles, min(slot * TIGHT, WIDEST), up)
    lines = chart["over"] if stacked else [*chart["series"], *chart["over"]]
    for rank, line in enumerate(lines):
        _line(found, rank if not stacked else 1, line, middles, up)
    _legend(found, chart["series"] if stacked else [], lines, stacked=stacked)
    return found


def _axis(chart: Any, *, stacked: bool) -> tuple[int, int, int]:
    """The lowest and highest of the axis, and its step."""
    sums = [
        sum(max(each["values"][rank] or 0, 0) for each in chart["series"])
        for rank in range(len(chart["labels"]))
    ]
    shown = [value for each in chart["over"] for value in each["values"] if value is not None]
    if not stacked:
        sums = [value for each in chart["series"] for value in each["values"] if value is not None]
    top, bottom = max([*sums, *shown, LINES]), min([*([] if stacked else sums), *shown, 0])
    step = _step(top - bottom)
    return bottom // step * step, -(-top // step) * step, step


def _step(span: int) -> int:
    """The smallest round number of which a few reach across."""
    ten = 1
    while True:
        found = next((each * ten for each in ROUND if each * ten * LINES >= span), None)
        if found is not None:
            return found
        ten *= 10


def _stack(found: Drawing, series: Sequence[Series], middles: Sequence[float], wide: float, up: Any) -> None:
    for place, middle in enumerate(middles):
        height = 0
        for rank, each in enumerate(series):
            value = each["values"][place] or 0
            if value > 0:
                top, foot = up(height + value), up(height)
                left = round(middle - wide / 2, 1)
                found.boxes.append(
                    Shape(rank, FILLS[rank % len(FILLS)], left, top, round(wide, 1), round(foot - top, 1))
                )
                height += value


def _line(found: Drawing, rank: int, line: Series, middles: Sequence[float], up: Any) -> None:
    """A line through what is known; where something is not, it is broken."""
    path, pen = "", False
    for middle, value in zip(middles, line["values"], strict=True):
        if value is None:
            pen = False
            continue
        path += f"{'L' if pen else 'M'}{middle} {up(value)}"
        if rank == 0:
            found.dots.append((middle, up(value)))
        pen = True
    if path:
        found.paths.append((rank, path))


def _legend(found: Drawing, bars: Sequence[Series], lines: Sequence[Series], *, stacked: bool) -> None:
    x = float(LEFT)
    for rank, each in enumerate(bars):
        found.boxes.append(Shape(rank, FILLS[rank % len(FILLS)], x, 6, 18, 11))
        found.words.append(Word(each["name"], x + 24, 16, "start"))
        x += SWATCH + LETTER * len(each["name"]) + 12
    for rank, each in enumerate(lines):
        found.paths.append((rank if not stacked else 1, f"M{x} 12H{x + 18}"))
        found.words.append(Word(each["name"], x + 24, 16, "start"))
        x += SWATCH + LETTER * len(each["name"]) + 12


def _heat(text: str, hours: Sequence[str], rows: Sequence[Series]) -> Drawing:
    left = 80
    bottom = 24 + CELL * len(rows)
    found = Drawing(text, height=bottom + CELL + 4)
    most = max((value or 0 for row in rows for value in row["values"]), default=0)
    wide = (RIGHT - left) / max(len(hours), 1)
    found.words += [Word(hour, round(left + wide * (rank + 0.5), 1), 16) for rank, hour in enumerate(hours)]
    for place, row in enumerate(rows):
        y = 24 + CELL * place
        found.words.append(Word(row["name"], left - 8, y + 17, "end"))
        for rank, value in enumerate(row["values"]):
            if value is None:
                continue
            step = shade(value, most)
            x = round(left + wide * rank, 1)
            found.cells.append(Shape(step, SHADES[step], x, y, round(wide - 2, 1), CELL - 2))
            found.words.append(Word(str(value), round(x + wide / 2 - 1, 1), y + 17, light=step > 2))
    for each in scale_of(most) if most else ():
        x = round(left + 96 * each.step, 1)
        found.cells.append(Shape(each.step, SHADES[each.step], x, bottom + 9, 18, 11))
        said = f"{each.low}" if each.low == each.high else f"{each.low}–{each.high}"
        found.words.append(Word(f"{said}\u00a0%", x + 24, bottom + 19, "start"))
    return found


def _number(value: int, unit: str, language: str) -> str:
    digits = f"{value:,}".replace(",", "\u202f" if language == "fr" else ",")
    return digits + {"euros": "\u00a0€", "percent": "\u00a0%"}.get(unit, "")
