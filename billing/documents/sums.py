"""The sums at the foot of a document: discount, bases, VAT by rate, advances deducted, what is payable."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.documents.snapshot import balance_at_issue
from billing.models import Document, DocumentDeduction
from billing.money import ZERO
from members.formats import date_long, euros


def number(value: Decimal, language: str) -> str:
    """Write a quantity without needless zeros."""
    text = f"{value.normalize():f}"
    return text if language == "en" else text.replace(".", ",")


def rate(value: Decimal, language: str) -> str:
    """Write a rate: « 20 % », « 5,5 % »."""
    return f"{number(value, language)}\u00a0%" if language != "en" else f"{number(value, language)}%"


def totals(document: Document, words: dict[str, Any]) -> list[dict[str, str]]:
    """Write each sum with its label; the last one is what is printed large."""
    language, rows = document.language, list(document.vat_rows.all())
    charged = any(row.rate for row in rows)  # then what is outside VAT has its line as well
    vat = [
        (
            _("TVA %(rate)s sur %(base)s")
            % {"rate": rate(row.rate, language), "base": euros(row.base, language)},
            euros(row.vat, language),
        )
        for row in rows
        if charged
    ]
    pairs = [
        *_discount(document, words),
        (_("Total HT"), euros(document.total_excl, language)),
        *vat,
        (_("Total TTC") if vat else _("Total net de taxes"), euros(document.total_incl, language)),
        *_advances(document, words),
        *_received(document, words),
    ]
    return [{"label": label, "value": value} for label, value in pairs]


def _discount(document: Document, words: dict[str, Any]) -> list[tuple[str, str]]:
    taken = sum((line.discount_excl for line in document.lines.all()), ZERO)
    if not taken or not words.get("discount"):
        return []
    return [
        (_("Total HT avant remise"), euros(document.total_excl + taken, document.language)),
        (words["discount"], euros(-taken, document.language)),
    ]


def _advances(document: Document, words: dict[str, Any]) -> list[tuple[str, str]]:
    rows = list(document.deductions.all())
    if not rows:
        return []
    language = document.language
    vat = document.total_vat - sum((row.vat for row in rows), ZERO)
    left = document.total_incl - sum((row.base + row.vat for row in rows), ZERO)
    charged = [(_("TVA restant due"), euros(vat, language))] if document.total_vat else []
    return [
        *[_advance(row, words["advances"][str(row.advance_id)], language) for row in rows],
        *charged,
        (_("Reste à payer"), euros(left, language)),
    ]


def _received(document: Document, words: dict[str, Any]) -> list[tuple[str, str]]:
    """A part paid at issue, and what is left: whatever was paid in full is said elsewhere."""
    balance = balance_at_issue(document, words)
    if not words["payment"] or not balance:
        return []
    language = document.language
    day = date_long(dt.date.fromisoformat(words["payment"]["on"]), language)
    received = Decimal(words["payment"]["amount"])
    return [
        (_("Déjà reçu le %(day)s") % {"day": day}, euros(-received, language)),
        (_("Reste dû"), euros(balance, language)),
    ]


def _advance(row: DocumentDeduction, words: dict[str, str], language: str) -> tuple[str, str]:
    day = date_long(dt.date.fromisoformat(words["on"]), language)
    label = _("Acompte %(number)s du %(day)s\u00a0: %(base)s HT, TVA %(rate)s %(vat)s") % {
        "number": words["number"],
        "day": day,
        "base": euros(row.base, language),
        "rate": rate(row.rate, language),
        "vat": euros(row.vat, language),
    }
    return label, euros(-row.base - row.vat, language)
