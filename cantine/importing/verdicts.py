"""What becomes of each row, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bookings.models import Site
from cantine.importing.reading import Row
from members.models import User

ADD, CHANGE, SAME, WRONG = "add", "change", "same", "wrong"
T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """For which site (bookings have one, memberships may), on whose word, and when."""

    site: Site | None
    by: User
    now: datetime


@dataclass
class Verdict:
    """A row as it was understood. `problems` are (column, text); `values` hold what was read, by column."""

    row: Row
    action: str = SAME
    problems: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether it is left out."""
        return bool(self.problems)

    def refuse(self, column: str, text: str) -> None:
        """Note what is wrong with one cell."""
        self.problems.append((column, text))
        self.action = WRONG

    def take(self, column: str, read: Callable[[str], T], *, needed: str = "") -> T | None:
        """Read a cell; None when it is empty or wrong, and `needed` is then said of an empty one."""
        text = self.row.cells.get(column, "")
        if not text:
            if needed:
                self.refuse(column, needed)
            return None
        try:
            value = read(text)
        except ValueError as reason:
            self.refuse(column, str(reason))
            return None
        self.values[column] = value
        return value


class Seen:
    """Keys of the rows above, to tell a row that says the same thing again."""

    def __init__(self) -> None:
        self.lines: dict[Any, int] = {}

    def first_line(self, key: Any, line: int) -> int | None:
        """The line that had this key first, or None for the first."""
        first = self.lines.setdefault(key, line)
        return None if first == line else first
