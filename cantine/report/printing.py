"""A report on A4, from the values it was issued with (billing/documents/report.typ lays it out)."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.documents.layout import TEMPLATE, laid_out, printable_texts
from cantine.report.frozen import FrozenReport
from cantine.report.told import Cell
from members.formats import date_long

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
        "issued": _("Émis le %(day)s. Ses chiffres ne changent plus.") % {"day": issued},
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
            "paragraphs": [line.strip() for line in report.commentary.splitlines() if line.strip()],
        },
        "sections": [
            {**section, "tables": [_table(table, language) for table in section["tables"]]}
            for section in told["sections"]
        ],
        "notes": {"title": _("Sources et définitions"), "rows": told["notes"]},
    }


def _table(table: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **table,
        "rows": [[said(cell, language) for cell in row] for row in table["rows"]],
        "total": [said(cell, language) for cell in table["total"]],
        "notes": " ".join(f"[{note}]" for note in table["notes"]),
    }


def said(cell: Cell, language: str = "fr") -> str:
    """A cell in words: « 1 234 »; a dash for what is not known."""
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", THIN if language == "fr" else ",")
    return cell
