"""What a quote offers, before it is written and after."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.documents.discounting import Discount
from billing.models import Product, Quote
from billing.money import ZERO, Basis, Priced, line_amount
from billing.quotes.amounts import Worked, worked_out


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line to offer: `unit_price` in euros on `basis`, `rate` in percent as the seller charges it."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    basis: Basis
    rate: Decimal
    unit: str = ""
    detail: str = ""
    product: Product | None = None

    @property
    def priced(self) -> Priced:
        """What it comes to, on its basis."""
        return Priced(line_amount(self.quantity, self.unit_price), self.rate, self.basis)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a draft says; all of it may be written anew until it is sent."""

    lines: Sequence[OfferedLine]
    valid_until: dt.datetime
    discount: Discount | None = None
    advance_percent: int = 30
    confirmation: str = Quote.Confirmation.ON_ADVANCE
    message: str = ""

    def worked_out(self) -> list[Worked]:
        """Its lines, after the discount; raises `DiscountBeyondInvoice`."""
        discount = self.discount.excl if self.discount else ZERO
        over = self.discount.over if self.discount else None
        return worked_out([line.priced for line in self.lines], discount, over)


def offer_of(quote: Quote) -> Offer:
    """What a quote says, to be written anew in its next version."""
    discount = Discount(quote.discount_excl, quote.discount_label) if quote.discount_excl else None
    return Offer(
        lines=[
            OfferedLine(
                label=line.label,
                quantity=line.quantity,
                unit_price=line.unit_price,
                basis="ht" if line.price_basis == "ht" else "ttc",
                rate=line.vat_rate,
                unit=line.unit,
                detail=line.detail,
                product=line.product,
            )
            for line in quote.lines.select_related("product")
        ],
        valid_until=quote.valid_until,
        discount=discount,
        advance_percent=quote.advance_percent,
        confirmation=quote.confirmation,
        message=quote.message,
    )
