"""What a table for a spreadsheet must begin with, and must not contain."""

from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
"""By which spreadsheets know UTF-8."""


def plain(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet computes: an apostrophe makes them texts (OWASP, CSV injection)."""
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
