"""What a report says, as plain values that JSON keeps: tiles, sections with tables, notes and sources.

A cell is a text, a whole number, or None for what is not known; a report is laid out (printing.py), written
as a table (sheet.py) and shown on a page from the same values.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

Cell = str | int | None


class Tile(TypedDict):
    """A figure that comes first."""

    value: str
    label: str
    note: str


class Table(TypedDict):
    """Rows under their headings; the first column is words, or all of them. `notes`: their numbers."""

    caption: str
    definition: str
    columns: list[str]
    rows: list[list[Cell]]
    total: list[Cell]
    notes: list[int]
    words: bool


class Section(TypedDict):
    """A title, what it is about, its tables."""

    title: str
    text: str
    tables: list[Table]


class Told(TypedDict):
    """A whole report."""

    title: str
    subtitle: str
    tiles: list[Tile]
    sections: list[Section]
    notes: list[str]


class Notes:
    """The notes of a report, numbered as they are first called."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def number(self, text: str) -> int:
        """The number of a note, the same for the same words."""
        if text not in self.rows:
            self.rows.append(text)
        return self.rows.index(text) + 1


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    definition: str = "",
    total: Sequence[Cell] = (),
    notes: Sequence[int] = (),
    words: bool = False,
) -> Table:
    """Write a table."""
    return {
        "caption": caption,
        "definition": definition,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "total": list(total),
        "notes": list(notes),
        "words": words,
    }


def digest(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a report's values, whatever order their names stand in."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
