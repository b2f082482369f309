"""How the demonstration's places live: which days, months and years are busy. Pure."""

from dataclasses import dataclass
from datetime import date

WEEKDAYS = (0.85, 1.25, 1.0, 1.3, 0.6)
"""Monday to Friday: Tuesdays and Thursdays are full, Fridays are calm."""
SEASONS = {7: 0.75, 8: 0.45, 12: 0.9}
"""Months that are calmer than the others."""
HOLIDAYS = ((12, 23), (1, 3))
CALM = 0.3


@dataclass(frozen=True)
class Rhythm:
    """How busy a site is: desks that people take on a day a year ago, and today; rooms a day."""

    before: float
    today: float
    rooms: float

    def desks(self, age: float) -> float:
        """How many a day, `age` years ago, from 0 to 1: a place fills slowly, then faster."""
        return self.before + (self.today - self.before) * max(0.0, 1 - age) ** 3


RHYTHMS = {
    "rouen": Rhythm(before=0.5, today=4.2, rooms=0.25),
    "le-havre": Rhythm(before=0.1, today=0.9, rooms=0.08),
    "caen": Rhythm(before=0.1, today=0.7, rooms=0.06),
}


def busy(day: date) -> float:
    """How busy a day is beside the others: by its weekday, its month, and the end of the year."""
    if (day.month, day.day) >= HOLIDAYS[0] or (day.month, day.day) <= HOLIDAYS[1]:
        return CALM
    weekday = WEEKDAYS[day.weekday()] if day.weekday() < len(WEEKDAYS) else 0.0
    return weekday * SEASONS.get(day.month, 1.0)
