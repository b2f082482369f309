"""The heat map: percentages by weekday and hour, in shades relative to the fullest hour. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SHADES = 5


def shade(percent: int | None, most: int) -> int:
    """Which fifth of the way to `most` a percentage falls in, from 0 to 4."""
    return min(SHADES - 1, SHADES * (percent or 0) // (most + 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: the percentage of desks taken, None where it was never open; its shade."""

    percent: int | None = None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Shade:
    """What a shade stands for: from one percentage to another, both included."""

    step: int
    low: int
    high: int


def scale_of(most: int) -> list[Shade]:
    """The shades of a map whose fullest hour is `most`; those that nothing could fall in are left out."""
    found: dict[int, list[int]] = {}
    for percent in range(most + 1):
        found.setdefault(shade(percent, most), []).append(percent)
    return [Shade(step, held[0], held[-1]) for step, held in found.items()]


@dataclass(frozen=True)
class HeatMap:
    """Percentages by weekday (0 is Monday) and hour; only the hours and days that were ever open."""

    hours: list[int] = field(default_factory=list)
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    desks: int = 0

    @property
    def fullest(self) -> tuple[int, int, int] | None:
        """Weekday, hour and percentage of the fullest hour, the first where several are; None if none was."""
        found = min(self._told, key=lambda each: (-each[2], each[0], each[1]), default=None)
        return found if found and found[2] else None

    @property
    def calmest(self) -> tuple[int, int, int] | None:
        """The same of the calmest hour, the last where several are."""
        return min(self._told, key=lambda each: (each[2], -each[0], -each[1]), default=None)

    @property
    def scale(self) -> list[Shade]:
        """What its shades stand for."""
        return scale_of(self.fullest[2]) if self.fullest else []

    @property
    def _told(self) -> Sequence[tuple[int, int, int]]:
        return [
            (weekday, hour, cell.percent)
            for weekday, row in self.rows
            for hour, cell in zip(self.hours, row, strict=True)
            if cell.percent is not None
        ]


def heat_of(percents: Mapping[tuple[int, int], int | None], desks: int) -> HeatMap:
    """Percentages by weekday and hour as rows; hours between that were never open stand empty."""
    hours, weekdays = sorted({hour for _day, hour in percents}), sorted({day for day, _hour in percents})
    span = list(range(hours[0], hours[-1] + 1)) if hours else []
    most = max((percent or 0 for percent in percents.values()), default=0)

    def cell(day: int, hour: int) -> Cell:
        percent = percents.get((day, hour))
        return Cell(percent, shade(percent, most))

    return HeatMap(span, [(day, [cell(day, hour) for hour in span]) for day in weekdays], desks)
