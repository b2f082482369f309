"""Exact arithmetic on euros: decimals only, rounded half up, VAT once per rate per document."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Literal

Basis = Literal["ttc", "ht"]
ZERO = Decimal("0.00")
CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Amounts:
    """One sum in euros: excluding VAT, the VAT, and including it; `excl + vat == incl` always."""

    excl: Decimal
    vat: Decimal
    incl: Decimal

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.excl + other.excl, self.vat + other.vat, self.incl + other.incl)


@dataclass(frozen=True, slots=True)
class VatRow:
    """What a document says of one rate, in percent."""

    rate: Decimal
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Priced:
    """A line before VAT is worked out: `amount` in euros, on the basis it is priced on."""

    amount: Decimal
    rate: Decimal
    basis: Basis


NOTHING = Amounts(ZERO, ZERO, ZERO)


def round2(value: Decimal) -> Decimal:
    """Round to cents, half away from zero (billing.md §4: 0.125 → 0.13)."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """What a line costs, in euros, rounded once."""
    return round2(quantity * unit_price)


def split_incl(incl: Decimal, rate: Decimal) -> Amounts:
    """Split a price including VAT: the base is rounded, the VAT is the difference; `rate` in percent."""
    excl = round2(incl / (1 + rate / HUNDRED))
    return Amounts(excl, incl - excl, incl)


def from_excl(excl: Decimal, rate: Decimal) -> Amounts:
    """Add VAT to a base excluding it; `rate` in percent."""
    vat = round2(excl * rate / HUNDRED)
    return Amounts(excl, vat, excl + vat)


def amounts_for(amount: Decimal, rate: Decimal, basis: Basis) -> Amounts:
    """Work out the VAT of a sum priced on `basis`."""
    return split_incl(amount, rate) if basis == "ttc" else from_excl(amount, rate)


def vat_by_rate(lines: Sequence[Priced]) -> list[VatRow]:
    """Compute VAT once per rate (and price basis) on the summed lines; highest rate first."""
    rows: dict[Decimal, Amounts] = {}
    ordered = sorted(lines, key=lambda line: (-line.rate, line.basis))
    for (rate, basis), group in groupby(ordered, key=lambda line: (line.rate, line.basis)):
        summed = sum((line.amount for line in group), ZERO)
        rows[rate] = rows.get(rate, NOTHING) + amounts_for(summed, rate, basis)
    return [VatRow(rate, amounts) for rate, amounts in rows.items()]


def total_of(rows: Sequence[VatRow]) -> Amounts:
    """Sum the rates of a document."""
    return sum((row.amounts for row in rows), NOTHING)


def share(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share `total` in proportion to `weights`; the parts add up, odd cents go to the largest weights."""
    whole = sum(weights, ZERO)
    if not weights or whole == 0:
        return [total, *[ZERO] * (len(weights) - 1)] if weights else []
    parts = [round2(total * weight / whole) for weight in weights]
    odd = total - sum(parts, ZERO)
    step = CENT if odd > 0 else -CENT
    largest_first = sorted(range(len(weights)), key=lambda index: -weights[index])
    for count in range(int(abs(odd) / CENT)):
        parts[largest_first[count % len(parts)]] += step
    return parts


def share_discount(discount: Decimal, bases: Sequence[Decimal]) -> list[Decimal]:
    """Share a document's discount per rate, the odd cent to the largest base (billing.md §4)."""
    return share(discount, bases)


def line_amounts(lines: Sequence[Priced]) -> list[Amounts]:
    """Give each line its part of the document's VAT, so that lines add up to `vat_by_rate`."""
    found: list[Amounts] = [NOTHING] * len(lines)
    ordered = sorted(range(len(lines)), key=lambda index: (lines[index].rate, lines[index].basis))
    for (rate, basis), group in groupby(ordered, key=lambda index: (lines[index].rate, lines[index].basis)):
        indexes = list(group)
        priced = [lines[index].amount for index in indexes]
        vats = share(amounts_for(sum(priced, ZERO), rate, basis).vat, priced)
        for index, amount, vat in zip(indexes, priced, vats, strict=True):
            found[index] = (
                Amounts(amount - vat, vat, amount) if basis == "ttc" else Amounts(amount, vat, amount + vat)
            )
    return found
