"""VAT by rate over a period, on the basis of each document: when it was issued, or when the money came."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from billing.accounting.facts import DocumentFact, Fact, Rated, Source, VatDueFact, WriteOffFact
from billing.money import ZERO


class Became(Enum):
    """What made VAT due, or no longer due."""

    ISSUED = "issued"
    PAID = "paid"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class VatLine:
    """What a document, or money on it, made due at one rate (percent), in euros; negative gives back."""

    date: dt.date
    number: str
    source: Source
    rate: Decimal
    base: Decimal
    vat: Decimal
    became: Became


def vat_lines(facts: Iterable[Fact]) -> list[VatLine]:
    """What became due, in the order of recording; what is outside VAT too, at rate nought."""
    return [line for fact in facts for line in _lines(fact) if line.base or line.vat]


def _lines(fact: Fact) -> list[VatLine]:
    if isinstance(fact, DocumentFact):
        at_issue = fact.on_debits or not any(row.vat for row in fact.vat)  # without VAT, nothing waits
        return [_line(fact, fact.number, row, Became.ISSUED) for row in _net(fact)] if at_issue else []
    if isinstance(fact, VatDueFact):
        return [_line(fact, fact.number, row, Became.PAID) for row in fact.amounts]
    if isinstance(fact, WriteOffFact):
        back = [Rated(row.rate, -row.base, -row.vat) for row in fact.vat]
        return [_line(fact, fact.reference, row, Became.LOST) for row in back]
    return []


def _net(fact: DocumentFact) -> list[Rated]:
    """A final invoice less its advances, which were due before; a credit note the other way round."""
    sums = {row.rate: (row.base, row.vat) for row in fact.vat}
    for row in fact.deducted:
        base, vat = sums.get(row.rate, (ZERO, ZERO))
        sums[row.rate] = (base - row.base, vat - row.vat)
    return [Rated(rate, fact.sign * base, fact.sign * vat) for rate, (base, vat) in sums.items()]


def _line(fact: DocumentFact | VatDueFact | WriteOffFact, number: str, row: Rated, became: Became) -> VatLine:
    return VatLine(fact.date, number, fact.source, row.rate, row.base, row.vat, became)


def by_rate(lines: Iterable[VatLine]) -> list[Rated]:
    """Add up each rate, the highest first."""
    found: dict[Decimal, Rated] = {}
    for line in lines:
        before = found.get(line.rate, Rated(line.rate, ZERO, ZERO))
        found[line.rate] = Rated(line.rate, before.base + line.base, before.vat + line.vat)
    return [found[rate] for rate in sorted(found, reverse=True)]
