"""What the sections of the report are made with."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.template.defaultfilters import date as written
from django.utils.text import capfirst
from django.utils.translation import get_language

from cantine.report.told import Cell, Chart, Section, Series, Table
from members.formats import known

EUROS, PERCENT = "euros", "percent"


def amount(value: Decimal) -> str:
    """Euros as they are kept: a text with two places."""
    return f"{value:.2f}"


def month(first: date) -> str:
    """« Novembre 2026 »."""
    return capfirst(written(first, "F Y"))


def short(first: date) -> str:
    """« nov. », under a chart."""
    return written(first, "M").lower()


def language() -> str:
    """That of the moment."""
    return known(get_language())


def section(
    key: str, title: str, tables: Sequence[Table], charts: Sequence[Chart] = (), text: str = ""
) -> Section:
    """A section about which the manager may write."""
    return {
        "key": key,
        "title": title,
        "text": text,
        "comment": "",
        "tables": list(tables),
        "charts": list(charts),
    }


def series(name: object, values: Sequence[int | None]) -> Series:
    """What a chart shows under one name."""
    return {"name": str(name), "values": list(values)}


def chart(
    sort: str,
    text: str,
    labels: Sequence[str],
    rows: Sequence[Series],
    *,
    over: Sequence[Series] = (),
    unit: str = "",
) -> Chart:
    """Values to draw."""
    return {
        "sort": sort,
        "text": text,
        "unit": unit,
        "labels": list(labels),
        "series": list(rows),
        "over": list(over),
    }


def row(first: Cell, *cells: Cell) -> list[Cell]:
    """A line of a table."""
    return [first, *cells]
