"""What a document prints, text by text, from its rows and its snapshot; never from what changed since."""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.countries import country_abroad
from billing.documents.paying import transfer_asked
from billing.documents.snapshot import balance_at_issue
from billing.documents.sums import rate, totals
from billing.models import Document, DocumentKind, DocumentLine, Payment
from billing.money import round2
from billing.units import counted
from members.formats import date_long, euros

HASH_SHOWN = 12


def content(document: Document) -> dict[str, Any]:
    """Write every text of a document in its language."""
    with translation.override(document.language):
        return _content(document, document.snapshot.content)


def _content(document: Document, words: dict[str, Any]) -> dict[str, Any]:
    language = document.language
    lines = list(document.lines.all())
    return {
        "language": language,
        "title": _title(DocumentKind(document.kind)),
        "number": document.number,
        "specimen": _("SPÉCIMEN") if document.specimen else "",
        "seller": {"label": _("Vendeur"), **seller_said(words["seller"])},
        "buyer": {"label": _("Client"), **buyer_said(words["buyer"])},
        "dates": _dates(document, words, lines),
        "columns": [_("Désignation"), _("Quantité"), _("Prix HT"), _("TVA"), _("Total HT")],
        "lines": [_line(line, text, language) for line, text in zip(lines, words["lines"], strict=True)],
        "totals": totals(document, words),
        "paid": _paid(document, words),
        "transfer": _transfer(document, words),
        "mentions": [*_reason(words), *(mention["text"] for mention in words["mentions"])],
        "footer": _footer(document, words["seller"]),
    }


def _reason(words: dict[str, Any]) -> list[str]:
    said = words.get("reason", "")
    return [_("Motif\u00a0: %(reason)s") % {"reason": said}] if said else []


def _title(kind: DocumentKind) -> str:
    return {
        DocumentKind.INVOICE: _("Facture"),
        DocumentKind.ADVANCE: _("Facture d’acompte"),
        DocumentKind.FINAL: _("Facture de solde"),
        DocumentKind.CREDIT_NOTE: _("Avoir"),
    }[kind]


def seller_said(seller: dict[str, str]) -> dict[str, Any]:
    """Write who sells, in rows."""
    numbers = [
        _("SIRET %(number)s") % {"number": _spaced_siret(seller["siret"])} if seller["siret"] else "",
        _("RNA %(number)s") % {"number": seller["rna"]} if seller["rna"] else "",
        _("TVA %(number)s") % {"number": seller["vat_number"]} if _shows_vat(seller) else "",
    ]
    rows = [seller["address"], f"{seller['postcode']} {seller['city']}", *numbers, seller["email"]]
    return {"name": seller["name"], "rows": [row for row in rows if row.strip()]}


def _shows_vat(seller: dict[str, str]) -> bool:
    """Under franchise no VAT number is printed (billing.md §2)."""
    return bool(seller["vat_number"]) and seller["vat_regime"] != "franchise"


def buyer_said(buyer: dict[str, str]) -> dict[str, Any]:
    """Write who buys, in rows."""
    rows = [
        buyer["address"],
        f"{buyer['postcode']} {buyer['city']}".strip(),
        country_abroad(buyer["country"]),
        _("SIREN %(number)s") % {"number": spaced_siren(buyer["siren"])} if buyer["siren"] else "",
        _("TVA %(number)s") % {"number": buyer["vat_number"]} if buyer["vat_number"] else "",
        _("Code service %(code)s") % {"code": buyer["service_code"]} if buyer.get("service_code") else "",
        buyer["email"],
    ]
    return {"name": buyer["name"], "rows": [row for row in rows if row.strip()]}


def spaced_siren(siren: str) -> str:
    """Write the nine digits by threes: « 732 829 320 »."""
    return "\u00a0".join(siren[start : start + 3] for start in range(0, len(siren), 3))


def _spaced_siret(siret: str) -> str:
    return f"{spaced_siren(siret[:9])}\u00a0{siret[9:]}"


def _dates(document: Document, words: dict[str, Any], lines: list[DocumentLine]) -> list[dict[str, str]]:
    language = document.language
    supplied = [line.supplied_on for line in lines if line.supplied_on]
    if words["corrects"]:
        on = date_long(dt.date.fromisoformat(words["corrects"]["on"]), language)
        third = (_("Rectifie la facture"), words["corrects"]["number"], _("du %(day)s") % {"day": on})
    elif not balance_at_issue(document, words):
        third = (_("Échéance"), _("acquittée"), "")
    elif document.is_due_on_receipt:
        third = (_("Échéance"), _("à réception"), "")
    else:
        third = (_("Échéance"), date_long(document.due_on, language) if document.due_on else "–", "")
    issued = pgettext("un avoir", "Émis le") if words["corrects"] else pgettext("une facture", "Émise le")
    first, last = min(supplied, default=None), max(supplied, default=None)
    until = _("au %(day)s") % {"day": date_long(last, language)} if last and last != first else ""
    entries = [
        (issued, date_long(document.issued_on, language), ""),
        (_("Prestation du"), date_long(first, language) if first else "–", until),
        third,
        (_("Commande"), words["order"], ""),
    ]
    if words.get("purchase_order"):
        entries.append((_("Numéro d’engagement"), words["purchase_order"], ""))
    return [{"label": label, "value": value, "more": more} for label, value, more in entries]


def _line(line: DocumentLine, text: dict[str, str], language: str) -> dict[str, str]:
    return {
        "label": text["label"],
        "detail": text["detail"],
        "quantity": counted(line.quantity, text["unit"], language),
        "price": unit_price(line, language),
        "rate": rate(line.vat_rate, language),
        "amount": euros(line.amount_excl + line.discount_excl, language),
    }


def unit_price(line: DocumentLine, language: str) -> str:
    """Write a unit price at two places, or at four where two would not give the line's amount."""
    rounded = round2(line.unit_price_excl)
    before = line.amount_excl + line.discount_excl
    if rounded == line.unit_price_excl or round2(rounded * line.quantity) == before:
        return euros(rounded, language)
    text = f"{line.unit_price_excl:.4f}"
    return f"€{text}" if language == "en" else f"{text.replace('.', ',')}\u00a0€"


def _paid(document: Document, words: dict[str, Any]) -> str:
    language, settled = document.language, not balance_at_issue(document, words)
    if words["payment"] and settled:
        ways = {
            Payment.Method.CARD: _("Payée par carte le %(day)s."),
            Payment.Method.CASH: _("Payée en espèces le %(day)s."),
            Payment.Method.TERMINAL: _("Payée par carte, sur place, le %(day)s."),
            Payment.Method.CHEQUE: _("Payée par chèque le %(day)s."),
            Payment.Method.TRANSFER: _("Payée par virement le %(day)s."),
        }
        day = date_long(dt.date.fromisoformat(words["payment"]["on"]), language)
        return ways[Payment.Method(words["payment"]["method"])] % {"day": day}
    if settled:
        return _("Réglée en entier par l’acompte.") if words.get("advances") else ""
    if document.is_due_on_receipt:
        by_transfer = words["seller"]["iban"]
        return _("À régler à réception, par virement.") if by_transfer else _("À régler à réception.")
    if document.due_on and words["seller"]["iban"]:
        return _("À régler au plus tard le %(day)s, par virement.") % {
            "day": date_long(document.due_on, language)
        }
    if document.due_on:
        return _("À régler au plus tard le %(day)s.") % {"day": date_long(document.due_on, language)}
    return ""


def _transfer(document: Document, words: dict[str, Any]) -> dict[str, Any]:
    """Write how to pay what is left by transfer: rows to copy and a code to scan; empty when nothing is."""
    asked = None
    if document.kind != DocumentKind.CREDIT_NOTE:
        balance = balance_at_issue(document, words)
        asked = transfer_asked(words["seller"], owed=balance, number=document.number)
    if asked is None:
        return {}
    rows = [
        (_("Bénéficiaire"), asked.name),
        (_("IBAN"), asked.spaced_iban.replace(" ", "\u00a0")),
        (_("BIC"), asked.bic),
        (_("Montant"), euros(asked.amount, document.language)),
        (_("Référence"), asked.reference),
    ]
    return {
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "svg": asked.svg,
        "note": _("À lire avec l’application de votre banque."),
    }


def _footer(document: Document, seller: dict[str, str]) -> dict[str, str]:
    shown = document.hash[:HASH_SHOWN]
    spaced = "\u00a0".join(shown[start : start + 4] for start in range(0, HASH_SHOWN, 4))
    return {
        "seller": ", ".join(part for part in (seller["name"], seller["legal_form"]) if part),
        "hash": _("Empreinte %(hash)s") % {"hash": spaced},
        "page": _("Page {n} sur {total}"),
    }
