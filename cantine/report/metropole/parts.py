"""What the sections of the report are made with."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import date as written
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cantine.report.told import Cell, Chart, Section, Series, Table
from members.formats import known

EUROS, PERCENT = "euros", "percent"

TITLES: Mapping[str, Any] = {
    "agreement": _("La convention"),
    "income": _("Recettes, coûts et subventions"),
    "coverage": _("Couverture et chemin vers l’objectif"),
    "occupancy": _("Occupation"),
    "people": _("Personnes et organisations"),
    "events": _("Événements et bénévoles"),
    "rentals": _("Locations"),
    "coming": _("Ce qui vient"),
    "agreeing": _("Concordance avec les comptes et la caisse"),
}
"""Of each section, in the order of the report: known before any figure is."""


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


def section(key: str, tables: Sequence[Table], charts: Sequence[Chart] = (), text: str = "") -> Section:
    """A section about which the manager may write."""
    return {
        "key": key,
        "title": str(TITLES[key]),
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
