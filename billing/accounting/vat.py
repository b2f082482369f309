"""VAT by rate over a period, on the basis of each document: when it was issued, or when the money came."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.accounting.facts import DocumentFact, Fact, Rated, VatDueFact
from billing.money import ZERO


@dataclass(frozen=True, slots=True)
class VatLine:
    """What a document, or money on it, made due at one rate (percent), in euros; negative gives back."""

    date: dt.date
    number: str
    document: int
    rate: Decimal
    base: Decimal
    vat: Decimal
    on_debits: bool


def vat_lines(facts: Iterable[Fact]) -> list[VatLine]:
    """What became due, in the order of recording; what is outside VAT too, at rate nought."""
    return [line for fact in facts for line in _lines(fact) if line.base or line.vat]


def _lines(fact: Fact) -> list[VatLine]:
    if isinstance(fact, DocumentFact):
        at_issue = fact.on_debits or not any(row.vat for row in fact.vat)  # without VAT, nothing waits
        return [_line(fact, row, on_debits=True) for row in _net(fact)] if at_issue else []
    if isinstance(fact, VatDueFact):
        return [_line(fact, row, on_debits=False) for row in fact.amounts]
    return []


def _net(fact: DocumentFact) -> list[Rated]:
    """A final invoice less its advances, which were due before; a credit note the other way round."""
    sums = {row.rate: (row.base, row.vat) for row in fact.vat}
    for row in fact.deducted:
        base, vat = sums.get(row.rate, (ZERO, ZERO))
        sums[row.rate] = (base - row.base, vat - row.vat)
    return [Rated(rate, fact.sign * base, fact.sign * vat) for rate, (base, vat) in sums.items()]


def _line(fact: DocumentFact | VatDueFact, row: Rated, *, on_debits: bool) -> VatLine:
    return VatLine(fact.date, fact.number, fact.source.pk, row.rate, row.base, row.vat, on_debits)


def by_rate(lines: Iterable[VatLine]) -> list[Rated]:
    """Add up each rate, the highest first."""
    found: dict[Decimal, Rated] = {}
    for line in lines:
        before = found.get(line.rate, Rated(line.rate, ZERO, ZERO))
        found[line.rate] = Rated(line.rate, before.base + line.base, before.vat + line.vat)
    return [found[rate] for rate in sorted(found, reverse=True)]
