"""The data of a document as Factur-X EN 16931, from its rows and its snapshot. Pure.

Which code stands where follows EN 16931 (BT and BG numbers) and the French rules BR-FR; billing.md §8 says
what was tried. What is written is checked more strictly than the Schematron does, which lets cents pass.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.documents.facturx_parties import BUSINESS_IN_FRANCE, buyer_party, dealing, seller_party
from billing.documents.snapshot import balance_at_issue
from billing.models import Document, DocumentDeduction, DocumentKind, DocumentLine, DocumentVat
from billing.money import CENT, HUNDRED, ZERO, round2

TYPE_CODES = {
    DocumentKind.INVOICE: "380",
    DocumentKind.FINAL: "380",
    DocumentKind.ADVANCE: "386",
    DocumentKind.CREDIT_NOTE: "381",
}
SERVICES, SERVICES_PAID, SERVICES_AFTER_ADVANCE = "S1", "S2", "S4"
UNITS = {"hour": "HUR", "day": "DAY"}
ONE = "C62"
DISCOUNT = "95"
MEANS = {"card": "48", "terminal": "48", "cash": "10", "cheque": "20", "transfer": "30"}
TRANSFER = "30"
EXEMPTIONS = {"franchise": ("vat_franchise", "VATEX-FR-FRANCHISE"), "exempt": ("vat_exempt", "")}
OUTSIDE = ("vat_outside", "")
"""What a seller who charges VAT asks without it, such as damages: its reason is a mention (BT-120)."""


class WrongSums(ValueError):
    """The sums of a document contradict one another."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a document says in figures and words."""

    document: Document
    lines: Sequence[DocumentLine]
    vat: Sequence[DocumentVat]
    deductions: Sequence[DocumentDeduction]
    words: dict[str, Any]

    @classmethod
    def of(cls, document: Document) -> "Rows":
        """Read them."""
        return cls(
            document,
            list(document.lines.all()),
            list(document.vat_rows.all()),
            list(document.deductions.all()),
            document.snapshot.content,
        )


def lacking(rows: Rows) -> str:
    """Say, for the log, what keeps a document from being written as data; empty when nothing does.

    Such a document is a PDF alone: nothing is made up.
    """
    if "notes" not in rows.words:
        return "it was issued before its words said what is needed"
    if not rows.words["seller"]["siren"]:
        return "its seller has no SIREN"
    exempt = [row.rate for row in rows.vat if _is_exempt(row.rate, rows.words)]
    if not all(any(_reason(rate, rows.words).values()) for rate in exempt):
        return "a rate of zero has no reason"
    return ""


def fields(rows: Rows) -> dict[str, Any]:
    """Write a document in the terms of EN 16931, keyed BT- and BG-, amounts as text.

    Raises `WrongSums` when they don't add up to the cent.
    """
    check(rows)
    document, words = rows.document, rows.words
    gross = sum((_gross(line) for line in rows.lines), ZERO)
    discount = sum((line.discount_excl for line in rows.lines), ZERO)
    prepaid = _prepaid(rows)
    found = {
        "BT-1": document.number,
        "BT-2": document.issued_on,
        "BT-3": TYPE_CODES[DocumentKind(document.kind)],
        "BT-5": document.currency,
        "BT-8": _vat_point(words),
        "BT-9": _due_on(rows),
        "BT-10": words["buyer"]["service_code"],
        "BT-13": words["purchase_order"],
        "BT-23": _process(rows),
        "BT-106": _amount(gross),
        "BT-107": _amount(discount) if discount else "",
        "BT-109": _amount(document.total_excl),
        "BT-110": _amount(document.total_vat),
        "BT-112": _amount(document.total_incl),
        "BT-113": _amount(prepaid) if prepaid else "",
        "BT-115": _amount(document.total_incl - prepaid),
        "BG-1": _notes(words),
        "BG-3": _preceding(words),
        "BG-4": seller_party(words["seller"]),
        "BG-7": buyer_party(words["buyer"]),
        "BG-20": [
            {
                "amount": _amount(part),
                "reason": words["discount"],
                "reason_code": DISCOUNT,
                **_category(row.rate, words, "vat_category_code", "vat_rate"),
            }
            for row in rows.vat
            if (part := sum((line.discount_excl for line in rows.lines if line.vat_rate == row.rate), ZERO))
        ],
        "BG-23": [_vat(row, words) for row in rows.vat],
        "BG-25": [_line(line, text, words) for line, text in zip(rows.lines, words["lines"], strict=True)],
        **_supplied(rows.lines, document.issued_on),
        **_means(rows),
    }
    cleaned: dict[str, Any] = _cleaned({name: value for name, value in found.items() if value})
    return cleaned


def check(rows: Rows) -> None:
    """Refuse sums that differ by a cent: lines, rates and totals, and each rate's VAT on its base.

    A credit note is split line by line, so that each line may be off by a cent.
    """
    document = rows.document
    credit = document.kind == DocumentKind.CREDIT_NOTE
    for row in rows.vat:
        mine = [line for line in rows.lines if line.vat_rate == row.rate]
        off = abs(row.vat - round2(row.base * row.rate / HUNDRED))
        if off > CENT * (len(mine) if credit else 1):
            raise WrongSums(f"{document.number}: {row.vat} of VAT on {row.base} at {row.rate}")
        if _sum(line.amount_excl for line in mine) != row.base or _sum(x.amount_vat for x in mine) != row.vat:
            raise WrongSums(f"{document.number}: its lines at {row.rate} are not its base")
    sums = (_sum(row.base for row in rows.vat), _sum(row.vat for row in rows.vat))
    if sums != (document.total_excl, document.total_vat) or sum(sums, ZERO) != document.total_incl:
        raise WrongSums(f"{document.number}: its rates are not its total")


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)


def _gross(line: DocumentLine) -> Decimal:
    return line.amount_excl + line.discount_excl


def _amount(value: Decimal) -> str:
    return f"{value:.2f}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _prepaid(rows: Rows) -> Decimal:
    advanced = _sum(row.base + row.vat for row in rows.deductions)
    paid = Decimal(rows.words["payment"]["amount"]) if rows.words["payment"] else ZERO
    return min(rows.document.total_incl, advanced + paid)


def _process(rows: Rows) -> str:
    if rows.document.kind == DocumentKind.FINAL:
        return SERVICES_AFTER_ADVANCE
    paid = rows.words["payment"] and _prepaid(rows) == rows.document.total_incl
    return SERVICES_PAID if paid else SERVICES


def _due_on(rows: Rows) -> dt.date:
    issued = rows.document.issued_on
    if balance_at_issue(rows.document, rows.words):
        return rows.document.due_on or issued
    paid = rows.words["payment"]
    return max(issued, dt.date.fromisoformat(paid["on"])) if paid else issued


def _vat_point(words: dict[str, Any]) -> str:
    if words["seller"]["vat_regime"] != "real":
        return ""
    return "invoice" if any(each["code"] == "vat_on_debits" for each in words["mentions"]) else "payment"


def _notes(words: dict[str, Any]) -> list[dict[str, str]]:
    said = set(words["notes"].values())
    free = [each["text"] for each in words["mentions"] if each["text"] not in said]
    coded = {**words["notes"], BUSINESS_IN_FRANCE.note: dealing(words["buyer"])}
    return [{"BT-22": text} for text in free] + [
        {"BT-21": code, "BT-22": text} for code, text in coded.items()
    ]


def _preceding(words: dict[str, Any]) -> list[dict[str, Any]]:
    named = [words["corrects"]] if words["corrects"] else list(words["advances"].values())
    return [{"BT-25": each["number"], "BT-26": dt.date.fromisoformat(each["on"])} for each in named]


def _is_exempt(rate: Decimal, words: dict[str, Any]) -> bool:
    return words["seller"]["vat_regime"] in EXEMPTIONS or not rate


def _category(rate: Decimal, words: dict[str, Any], category: str, percent: str) -> dict[str, str]:
    """Say whether VAT is charged: S, or E with a reason.

    Damages are outside VAT, which EN 16931 calls O. But O stands alone: BR-O-11 to 14 refuse any other
    category beside it, and BR-O-02 to 04 the VAT numbers of seller and buyer. On an invoice that also lets a
    room they are therefore E at 0 with the reason in words (BR-E-05, BR-E-10), and so on its credit notes,
    which take the invoice's own categories up.
    """
    return {category: "E" if _is_exempt(rate, words) else "S", percent: f"{rate:.2f}"}


def _reason(rate: Decimal, words: dict[str, Any]) -> dict[str, str]:
    """Why no VAT is charged: the text of its mention, and the code where there is one."""
    if not _is_exempt(rate, words):
        return {}
    mention, code = EXEMPTIONS.get(words["seller"]["vat_regime"], OUTSIDE)
    text = next((each["text"] for each in words["mentions"] if each["code"] == mention), "")
    return {"BT-120": text, "BT-121": code}


def _vat(row: DocumentVat, words: dict[str, Any]) -> dict[str, str]:
    found = {
        "BT-116": _amount(row.base),
        "BT-117": _amount(row.vat),
        **_category(row.rate, words, "BT-118", "BT-119"),
        **_reason(row.rate, words),
    }
    return {name: value for name, value in found.items() if value}


def _line(line: DocumentLine, text: dict[str, str], words: dict[str, Any]) -> dict[str, str]:
    found = {
        "BT-126": str(line.position),
        "BT-129": _plain(line.quantity),
        "BT-130": UNITS.get(text["unit"], ONE),
        "BT-131": _amount(_gross(line)),
        "BT-146": _plain(line.unit_price_excl),
        **_category(line.vat_rate, words, "BT-151", "BT-152"),
        "BT-153": text["label"],
        "BT-154": text["detail"],
    }
    return {name: value for name, value in found.items() if value}


def _supplied(lines: Sequence[DocumentLine], issued_on: dt.date) -> dict[str, dt.date]:
    """When it was supplied: the day of issue where no line says (the XML must hold a date).

    Over several days it is the last of them, beside the period: without a day the library writes an empty
    delivery that the schema refuses.
    """
    days = [line.supplied_on for line in lines if line.supplied_on] or [issued_on]
    first, last = min(days), max(days)
    return {"BT-72": last} if first == last else {"BT-72": last, "BT-73": first, "BT-74": last}


def _means(rows: Rows) -> dict[str, str]:
    words = rows.words
    settled = not balance_at_issue(rows.document, words)
    if words["payment"] and settled:
        return {"BT-81": MEANS[words["payment"]["method"]]} | _account(words, words["payment"]["method"])
    if settled or words["corrects"] or not words["seller"]["iban"]:
        return {}
    return {"BT-81": TRANSFER} | _account(words, "transfer")


def _account(words: dict[str, Any], method: str) -> dict[str, str]:
    """The account to pay to, or paid to: its IBAN, and its BIC where the seller gave one."""
    if method != "transfer":
        return {}
    seller = words["seller"]
    return {
        name: said for name, said in (("BT-84", seller["iban"]), ("BT-86", seller.get("bic", ""))) if said
    }


def _cleaned(value: Any) -> Any:
    """Take out of every text what XML cannot hold."""
    if isinstance(value, str):
        kept = (letter if unicodedata.category(letter) not in {"Cc", "Cs", "Cn"} else " " for letter in value)
        return "".join(kept).strip()
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return value
