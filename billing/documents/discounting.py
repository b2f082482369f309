"""A discount on a whole document: shared over its rates, then over its lines. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.errors import DiscountBeyondInvoice
from billing.money import NOTHING, ZERO, Amounts, VatRow, from_excl, share, share_discount


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off a document: `excl` in euros excluding VAT, `label` in the buyer's language."""

    excl: Decimal
    label: str


def discounted(
    discount: Decimal, amounts: Sequence[Amounts], rates: Sequence[Decimal]
) -> tuple[list[Amounts], list[VatRow], list[Decimal]]:
    """Take `discount` (euros excl.) off lines: their amounts after it, the VAT by rate, each line's part.

    The odd cent goes to the largest base; VAT is rounded once a rate, on what is left (billing.md §4, V3).
    Raises `DiscountBeyondInvoice` when it is negative or more than there is.
    """
    if not ZERO <= discount <= sum((part.excl for part in amounts), ZERO):
        raise DiscountBeyondInvoice
    order = sorted(set(rates), reverse=True)
    places = {rate: [index for index, mine in enumerate(rates) if mine == rate] for rate in order}
    bases = [sum((amounts[index].excl for index in places[rate]), ZERO) for rate in order]
    left, rows, shares = [NOTHING] * len(amounts), [], [ZERO] * len(amounts)
    for rate, base, part in zip(order, bases, share_discount(discount, bases), strict=True):
        net = from_excl(base - part, rate)
        rows.append(VatRow(rate, net))
        parts = share(part, [amounts[index].excl for index in places[rate]])
        kept = [amounts[index].excl - mine for index, mine in zip(places[rate], parts, strict=True)]
        for index, mine, excl, vat in zip(places[rate], parts, kept, share(net.vat, kept), strict=True):
            left[index], shares[index] = Amounts(excl, vat, excl + vat), mine
    return left, rows, shares
