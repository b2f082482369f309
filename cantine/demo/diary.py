"""What is to happen in the demonstration, done in the order of time, as it would have been."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from bookings.period import at

Act = Callable[[datetime], object]
"""Something that happens at an instant."""


@dataclass
class Diary:
    """The acts of everyone, by their instant; what would come after `now` never happens.

    Documents are dated by the order they are issued in: all who issue any during the year share one diary.
    """

    now: datetime
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _noted: int = 0

    def note(self, day: date, hour: time, zone: ZoneInfo, act: Act) -> None:
        """Note what happens at an hour of a day; of today it has happened already."""
        if day > self.now.astimezone(zone).date():
            return
        heappush(self._acts, (min(at(day, hour, zone), self.now), self._noted, act))
        self._noted += 1

    def live_until(self, moment: datetime) -> None:
        """Do everything that is due by then, the earliest first."""
        while self._acts and self._acts[0][0] <= moment:
            when, _order, act = heappop(self._acts)
            act(when)
