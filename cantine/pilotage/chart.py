"""The chart of « Pilotage » as shapes: bars of each month, the way to the target, today. Pure.

Heights are hundredths of running costs; where no cost is known they are euros, and there is no target.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from cantine.pilotage.board import Board, Row
from cantine.pilotage.figures import income
from cantine.pilotage.figures.months import apart, last_day

WIDTH, HEIGHT = 1012, 252
LEFT, RIGHT, TOP, BOTTOM = 46, 1010, 20, 222
BAR, TIGHT = 25, 0.64
STEPS = (25, 50, 100, 200)
LINES = 4


@dataclass(frozen=True)
class Box:
    """A rectangle of a bar; `kind` is the series, or `low` and `high` for what is to come."""

    kind: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Tick:
    """A line across, with its value."""

    y: float
    value: int


@dataclass(frozen=True)
class Label:
    """A month under its bar."""

    x: float
    month: date


@dataclass(frozen=True)
class Chart:
    """Everything to draw."""

    boxes: list[Box]
    ticks: list[Tick]
    labels: list[Label]
    way: list[tuple[float, float]]
    dot: tuple[float, float] | None
    today: float | None
    in_percent: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM
    top: int = TOP

    @property
    def path(self) -> str:
        """The way to the target, as the d of a path."""
        return "".join(f"{'L' if rank else 'M'}{x} {y}" for rank, (x, y) in enumerate(self.way))


def draw(board: Board) -> Chart:
    """Lay out the months of a board."""
    rows = [*board.rows, *board.coming]
    in_percent = board.has_costs
    tops = [high_of(row, in_percent=in_percent) for row in rows]
    if in_percent:
        tops += [Decimal(row.target) for row in rows if row.target is not None]
    scale = Scale(rows[0].month, len(rows), *axis(max(tops, default=Decimal(0)), in_percent=in_percent))
    way = [scale.point(row) for row in rows if row.target is not None] if in_percent else []
    arrives = board.way is not None and bool(way) and rows[-1].month >= board.way.due
    return Chart(
        boxes=[box for row in rows for box in boxes_of(row, scale, in_percent=in_percent)],
        ticks=[Tick(scale.y(Decimal(value)), value) for value in range(0, scale.top + 1, scale.step)],
        labels=[Label(scale.middle(row.month), row.month) for row in rows],
        way=way,
        dot=scale.point(next(row for row in rows if board.way and row.month == board.way.due))
        if arrives and board.way and rows[0].month <= board.way.due
        else None,
        today=scale.day(board.today) if board.coming or board.rows[-1].is_running else None,
        in_percent=in_percent,
    )


def axis(highest: Decimal, *, in_percent: bool) -> tuple[int, int]:
    """The top of the axis and its step: to a hundred at least, or a round number of euros."""
    if in_percent:
        step = next((step for step in STEPS if highest <= step * LINES), STEPS[-1])
        return step * max(LINES, ceil(highest / step)), step
    step = next(step for step in round_steps() if highest <= step * LINES)
    return step * LINES, step


def round_steps() -> Iterator[int]:
    """25, 50, 100, 250, 500, 1 000 euros, and so on."""
    ten = 1
    while True:
        yield from (25 * ten, 50 * ten, 100 * ten)
        ten *= 10


@dataclass(frozen=True)
class Scale:
    """Months across, values up."""

    first: date
    number: int
    top: int
    step: int

    @property
    def slot(self) -> float:
        """The room of a month."""
        return (RIGHT - LEFT) / self.number

    @property
    def bar(self) -> float:
        """The width of a bar."""
        return round(min(BAR, self.slot * TIGHT), 1)

    def middle(self, month: date) -> float:
        """The middle of a month."""
        return round(LEFT + (apart(self.first, month) + 0.5) * self.slot, 1)

    def day(self, day: date) -> float:
        """A day between the middles of its month's edges."""
        done = day.day / last_day(day.replace(day=1)).day
        return round(LEFT + (apart(self.first, day) + done) * self.slot, 1)

    def y(self, value: Decimal) -> float:
        """How high a value is."""
        return round(BOTTOM - float(value) / self.top * (BOTTOM - TOP), 1)

    def point(self, row: Row) -> tuple[float, float]:
        """Where the way passes a month."""
        return self.middle(row.month), self.y(Decimal(row.target or 0))


def unit_of(row: Row, *, in_percent: bool) -> Decimal | None:
    """What one of the axis is worth, in euros; None where the costs are not known."""
    if not in_percent:
        return Decimal(1)
    return row.money.costs / 100 if row.money.costs > 0 else None


def high_of(row: Row, *, in_percent: bool) -> Decimal:
    """The highest that a month is drawn."""
    unit = unit_of(row, in_percent=in_percent)
    return (row.money.own + row.range.high) / unit if unit else Decimal(0)


def boxes_of(row: Row, scale: Scale, *, in_percent: bool) -> list[Box]:
    """The bar of a month, from the ground up: what came in by group, then what may come, hollow."""
    unit = unit_of(row, in_percent=in_percent)
    if unit is None:
        return []
    parts = [(name, row.money.income[name]) for name in income.GROUPS]
    parts += [("low", row.range.booked), ("high", row.range.quoted)]
    return stacked(parts, unit, scale.middle(row.month), scale)


def stacked(parts: Sequence[tuple[str, Decimal]], unit: Decimal, middle: float, scale: Scale) -> list[Box]:
    """Amounts one upon another; what is nothing, or less, has no box."""
    found, height = [], Decimal(0)
    for kind, amount in parts:
        if amount <= 0:
            continue
        foot = scale.y(height)
        height += amount / unit
        top = scale.y(height)
        if foot > top:
            x = round(middle - scale.bar / 2, 1)
            found.append(Box(kind, x, top, scale.bar, round(foot - top, 1)))
    return found
