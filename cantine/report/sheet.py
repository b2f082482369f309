"""Tables for spreadsheets: semicolons, UTF-8 with its mark, decimal commas, and no cell that computes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cantine.report.told import Cell, units_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
CSV = "text/csv; charset=utf-8"


def written(rows: Iterable[Sequence[object]]) -> str:
    """Write rows, the headings first."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return BOM + text.getvalue()


def plain(cell: object) -> str:
    """A cell as text; an apostrophe keeps a text from being computed (OWASP, CSV injection)."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal | float):
        return str(cell).replace(".", ",")
    if isinstance(cell, int):
        return str(cell)
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


SIGNS = {"": "", "euros": " (€)", "percent": " (%)"}


def cell_of(cell: Cell, unit: str) -> object:
    """A cell as what it is: euros are kept as a text with two places."""
    return Decimal(cell) if unit == "euros" and isinstance(cell, str) else cell


def sheet_of(told: Mapping[str, Any]) -> str:
    """A report as one table: each figure with its section, its table, its line and its column."""
    rows: list[Sequence[object]] = [
        (_("Partie"), _("Tableau"), _("Ligne"), _("Colonne"), _("Valeur"), _("Notes"))
    ]
    for section in told["sections"]:
        for table in section["tables"]:
            notes = " ".join(told["notes"][number - 1] for number in table["notes"])
            for row in [*table["rows"], *([table["total"]] if table["total"] else [])]:
                rows += [
                    (
                        section["title"],
                        table["caption"],
                        row[0],
                        column + SIGNS[unit],
                        cell_of(cell, unit),
                        notes,
                    )
                    for column, cell, unit in zip(
                        table["columns"][1:], row[1:], units_of(table)[1:], strict=True
                    )
                ]
    return written(rows)
