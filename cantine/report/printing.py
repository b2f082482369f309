"""A report on A4, from the values it was issued with (billing/documents/report.typ lays it out)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.documents.layout import TEMPLATE, laid_out, printable_texts
from cantine.report.charts import svg_of
from cantine.report.frozen import FrozenReport
from cantine.report.told import Cell, units_of
from members.formats import MINUS, NBSP, date_long, euros

REPORT = TEMPLATE.with_name("report.typ")
THIN = "\u202f"


def laid_out_report(report: FrozenReport) -> bytes:
    """The PDF; the same report gives the same bytes."""
    with translation.override(report.language):
        return laid_out(REPORT, printable_texts(printed(report)), at=report.issued_at)


def printed(report: FrozenReport) -> dict[str, Any]:
    """Every text of a report, ready to be printed, in the language of the moment."""
    told, language = report.data, report.language
    issued = date_long(timezone.localtime(report.issued_at).date(), language)
    period = _("Du %(first)s au %(last)s") % {
        "first": date_long(report.first, language),
        "last": date_long(report.last, language),
    }
    return {
        "language": language,
        "title": told["title"],
        "subtitle": told["subtitle"],
        "number": period,
        "issued": " ".join(
            [_("Émis le %(day)s. Ses chiffres ne changent plus.") % {"day": issued}, *replacing(report)]
        ),
        "specimen": "",
        "seller": {"name": "La Cantine Numérique"},
        "footer": {
            "seller": "La Cantine Numérique",
            "middle": told["title"],
            "page": _("Page {n} sur {total}"),
        },
        "tiles": told["tiles"],
        "commentary": {
            "title": _("Ce qu’il faut en retenir"),
            "paragraphs": paragraphs(report.commentary),
        },
        "sections": sections_of(told, language),
        "notes": {"title": _("Sources et définitions"), "rows": told["notes"]},
    }


def replacing(report: FrozenReport) -> list[str]:
    """Which version it is, and which one it replaces; nothing of a first one."""
    before = report.replaces
    if before is None:
        return []
    words = _("Version %(version)s, qui remplace la version %(before)s émise le %(day)s.")
    day = date_long(timezone.localdate(before.issued_at), report.language)
    return [words % {"version": report.version, "before": before.version, "day": day}]


def sections_of(told: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """The sections with every cell in words and every chart drawn."""
    return [_section(section, language) for section in told["sections"]]


def _section(section: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **section,
        "comment": paragraphs(section.get("comment", "")),
        "charts": [svg_of(chart, language) for chart in section.get("charts", [])],
        "tables": [_table(table, language) for table in section["tables"]],
    }


def _table(table: dict[str, Any], language: str) -> dict[str, Any]:
    units = units_of(table)

    def row_of(row: Sequence[Cell]) -> list[str]:
        return [said(cell, language, unit) for cell, unit in zip(row, units, strict=True)]

    return {
        **table,
        "rows": [row_of(row) for row in table["rows"]],
        "total": row_of(table["total"]) if table["total"] else [],
        "notes": " ".join(f"[{note}]" for note in table["notes"]),
        "numbers": table["notes"],
    }


def paragraphs(text: str) -> list[str]:
    """What was written, line by line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def said(cell: Cell, language: str = "fr", unit: str = "") -> str:
    """A cell in words: « 1 234 », « 1 234,50 € », « 41 % »; a dash for what is not known."""
    if cell is None:
        return "–"
    if unit == "euros" and isinstance(cell, str):
        return euros(Decimal(cell), language)
    if isinstance(cell, int):
        digits = f"{abs(cell):,}".replace(",", THIN if language == "fr" else ",")
        sign = MINUS if cell < 0 else ""
        after = {"percent": "%" if language == "en" else f"{NBSP}%"}.get(unit, "")
        return f"{sign}{digits}{after}"
    return cell
