"""A discount on a whole document: shared over its rates, then over its lines. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.errors import DiscountBeyondInvoice
from billing.money import NOTHING, ZERO, Amounts, VatRow, from_excl, share, share_discount


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off a document: `excl` in euros excluding VAT, `label` in the buyer's language.

    With `over` it is shared over no more than this base at each rate: damages outside VAT are no rental.
    """

    excl: Decimal
    label: str
    over: Mapping[Decimal, Decimal] | None = None


def discounted(
    discount: Decimal,
    amounts: Sequence[Amounts],
    rates: Sequence[Decimal],
    over: Mapping[Decimal, Decimal] | None = None,
) -> tuple[list[Amounts], list[VatRow], list[Decimal]]:
    """Take `discount` (euros excl.) off lines: their amounts after it, the VAT by rate, each line's part.

    With `over` it is shared over no more than this base at each rate. The odd cent goes to the largest base;
    VAT is rounded once a rate, on what is left (billing.md §4, V3).
    Raises `DiscountBeyondInvoice` when it is negative or more than there is.
    """
    order = sorted(set(rates), reverse=True)
    places = {rate: [index for index, mine in enumerate(rates) if mine == rate] for rate in order}
    bases = [sum((amounts[index].excl for index in places[rate]), ZERO) for rate in order]
    open_to = [
        base if over is None else min(base, over.get(rate, ZERO))
        for rate, base in zip(order, bases, strict=True)
    ]
    if not ZERO <= discount <= sum(open_to, ZERO):
        raise DiscountBeyondInvoice
    left, rows, shares = [NOTHING] * len(amounts), [], [ZERO] * len(amounts)
    for rate, base, part in zip(order, bases, share_discount(discount, open_to), strict=True):
        net = from_excl(base - part, rate)
        rows.append(VatRow(rate, net))
        parts = share(part, [amounts[index].excl for index in places[rate]])
        kept = [amounts[index].excl - mine for index, mine in zip(places[rate], parts, strict=True)]
        for index, mine, excl, vat in zip(places[rate], parts, kept, share(net.vat, kept), strict=True):
            left[index], shares[index] = Amounts(excl, vat, excl + vat), mine
    return left, rows, shares
