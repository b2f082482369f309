"""The lines, sums and advance of a quote in words, the same on pages, in messages and on paper."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.documents.sums import rate
from billing.models import PriceBasis, Quote, QuoteLine
from billing.money import HUNDRED, NOTHING, Amounts, amounts_for, round2, total_of
from billing.quotes.amounts import advances_of
from billing.units import counted
from members.formats import euros


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line as it is read; amounts without VAT, before the discount."""

    label: str
    detail: str
    quantity: str
    price: str
    rate: str
    amount: str


def lines_said(quote: Quote, language: str) -> list[SaidLine]:
    """Every line, in the active language, which is `language`."""
    return [_line(line, language) for line in quote.lines.all()]


def _line(line: QuoteLine, language: str) -> SaidLine:
    return SaidLine(
        label=line.label,
        detail=line.detail,
        quantity=counted(line.quantity, line.unit, language),
        price=_price(line, language),
        rate=rate(line.vat_rate, language),
        amount=euros(line.before_discount, language),
    )


def _price(line: QuoteLine, language: str) -> str:
    price = line.unit_price
    if line.price_basis == PriceBasis.TTC:
        price = price / (1 + line.vat_rate / HUNDRED)
    return euros(round2(price), language)


def sums_said(quote: Quote, language: str) -> list[tuple[str, str]]:
    """Discount, total without VAT, VAT by rate, and the total, which comes last."""
    rows = quote.vat_rows()
    vat = [
        (
            _("TVA %(rate)s sur %(base)s")
            % {"rate": rate(row.rate, language), "base": euros(row.amounts.excl, language)},
            euros(row.amounts.vat, language),
        )
        for row in rows
        if row.rate
    ]
    discount = [
        (_("Total HT avant remise"), euros(quote.total_excl + quote.discount_excl, language)),
        (quote.discount_label, euros(-quote.discount_excl, language)),
    ]
    return [
        *(discount if quote.discount_excl else []),
        (_("Total HT"), euros(quote.total_excl, language)),
        *vat,
        (_("Total TTC") if vat else _("Total net de taxes"), euros(quote.total_incl, language)),
    ]


def advance_amounts(quote: Quote) -> Amounts:
    """What is asked in advance, over all rates."""
    asked = advances_of(quote.vat_rows(), quote.advance_percent)
    return sum((amounts_for(each.amount, each.rate, each.basis) for each in asked), NOTHING)


def advance_said(quote: Quote, language: str) -> str:
    """« 30 %, soit 135,00 € TTC »."""
    words = {
        "percent": rate(Decimal(quote.advance_percent), language),
        "amount": euros(advance_amounts(quote).incl, language),
    }
    if not total_of(quote.vat_rows()).vat:
        return _("%(percent)s, soit %(amount)s") % words
    return _("%(percent)s, soit %(amount)s TTC") % words
