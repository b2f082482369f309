"""A table of the accounts: the same for the page and for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.functional import Promise

from members.spreadsheets import BOM, plain

Value = str | int | Decimal | dt.date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and where it leads."""

    value: Value
    href: str = ""
    is_rounded: bool = False
    """Whether a page tells it to the nearest euro; a spreadsheet never does."""

    @property
    def is_sum(self) -> bool:
        """Whether it is a sum of euros."""
        return isinstance(self.value, Decimal)

    @property
    def is_day(self) -> bool:
        """Whether it is a date."""
        return isinstance(self.value, dt.date)


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a column; sums stand to the right."""

    label: str | Promise
    is_sum: bool = False
    full: str = ""
    """What a spreadsheet calls it, where the page has less room."""


@dataclass(frozen=True)
class Table:
    """Heads, rows, and a foot of totals; `customers` where each row names one."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = ()
    title: str = ""
    definition: str = ""
    key: str = field(default="table", compare=False)
    customers: bool = False
    is_narrow: bool = False
    """Whether its columns are many, and stand close."""

    def only(self, rows: Iterable[Sequence[Cell]]) -> "Table":
        """The same with some of the rows; the foot stays that of all."""
        return replace(self, rows=list(rows))


def csv_of(table: Table) -> str:
    """Write a table with semicolons, decimal commas and ISO dates; no text becomes a formula."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(plain(head.full or str(head.label) for head in table.heads))
    for row in [*table.rows, *([table.foot] if table.foot else [])]:
        writer.writerow([_cell(cell.value) for cell in row])
    return BOM + written.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain([str(value)])[0] if isinstance(value, str) else "" if value is None else str(value)
