"""What a report says, as plain values that JSON keeps: tiles, sections with tables, notes and sources.

A cell is a text, a whole number, or None for what is not known; a report is laid out (printing.py), written
as a table (sheet.py) and shown on a page from the same values.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

Cell = str | int | None


class Tile(TypedDict):
    """A figure that comes first."""

    value: str
    label: str
    note: str


class Table(TypedDict):
    """Rows under their headings; the first column is words, or all of them. `notes`: their numbers.

    `units` says of each column what its figures are: "", "euros" (a text with two places) or "percent".
    """

    caption: str
    definition: str
    columns: list[str]
    rows: list[list[Cell]]
    total: list[Cell]
    notes: list[int]
    words: bool
    units: NotRequired[list[str]]


class Series(TypedDict):
    """What a chart shows under one name."""

    name: str
    values: list[int | None]


class Chart(TypedDict):
    """Values to draw (charts.py): `stack` bars, `lines`, or a `heat` map whose series are its rows.

    `over` is a line drawn over bars. `text` says what is seen.
    """

    sort: str
    text: str
    unit: str
    labels: list[str]
    series: list[Series]
    over: list[Series]


class Section(TypedDict):
    """A title, what it is about, its tables; by `key` the manager writes about it."""

    title: str
    text: str
    tables: list[Table]
    key: NotRequired[str]
    comment: NotRequired[str]
    charts: NotRequired[list[Chart]]


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
    units: Sequence[str] = (),
) -> Table:
    """Write a table."""
    told: Table = {
        "caption": caption,
        "definition": definition,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "total": list(total),
        "notes": list(notes),
        "words": words,
    }
    if units:
        told["units"] = list(units)
    return told


def units_of(told: Mapping[str, Any]) -> list[str]:
    """The unit of each column of a table."""
    return list(told.get("units") or [""] * len(told["columns"]))


def digest(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a report's values, whatever order their names stand in."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
