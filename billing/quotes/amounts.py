"""What a quote comes to, and the advance asked on it: calculation on values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.documents.discounting import discounted
from billing.money import HUNDRED, ZERO, Amounts, Priced, VatRow, amounts_for, line_amounts, round2


@dataclass(frozen=True, slots=True)
class Worked:
    """A line worked out: `amounts` after its part of the document's discount, which is `discount`."""

    amounts: Amounts
    discount: Decimal


def worked_out(
    lines: Sequence[Priced], discount: Decimal = ZERO, over: Mapping[Decimal, Decimal] | None = None
) -> list[Worked]:
    """Work lines out as the invoice will: VAT once a rate, `discount` (euros excl.) shared over the rates,
    or over no more than `over` of each.

    Raises `DiscountBeyondInvoice` when it is negative or more than there is.
    """
    amounts = line_amounts(lines)
    if not discount:
        return [Worked(each, ZERO) for each in amounts]
    left, _rows, shares = discounted(discount, amounts, [line.rate for line in lines], over)
    return [Worked(each, part) for each, part in zip(left, shares, strict=True)]


def advances_of(rows: Sequence[VatRow], percent: int) -> list[Priced]:
    """What to ask in advance at each rate: `percent` of its base; never more than the quote at that rate."""
    asked = [_advance_of(row, Decimal(percent) / HUNDRED) for row in rows]
    return [each for each in asked if each.amount]


def _advance_of(row: VatRow, part: Decimal) -> Priced:
    """Priced without VAT, or with it where rounding would pass what the quote says (a price of 9.99 TTC)."""
    full = row.amounts
    by_base = Priced(round2(full.excl * part), row.rate, "ht")
    by_total = Priced(round2(full.incl * part), row.rate, "ttc")
    return by_base if _within(by_base, full) else by_total


def _within(priced: Priced, full: Amounts) -> bool:
    """Whether a final invoice could deduct it: neither its base nor its total is passed."""
    found = amounts_for(priced.amount, priced.rate, priced.basis)
    return found.excl <= full.excl and found.incl <= full.incl
