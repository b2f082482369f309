"""Taking sums off an invoice: a credit note at the original rates, never more than what remains."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Sum

from billing.documents.deducting import refuse_deducted
from billing.documents.issuing import Draft, issue
from billing.documents.snapshot import snapshot
from billing.errors import MoreThanRemains
from billing.models import Document, DocumentKind, DocumentLine
from billing.money import NOTHING, Amounts, VatRow, round2, split_incl

Credits = Mapping[DocumentLine, Decimal] | Mapping[DocumentLine, Amounts]
"""Line → what to take off it: euros with VAT, or the very base and VAT."""


def issue_credit_note(
    invoice: Document, credits_: Credits, *, now: dt.datetime, reason: str = ""
) -> Document:
    """Step: issue the credit note that takes sums (euros, VAT included) off lines of `invoice`.

    Each at its original rate; `reason` is printed. The caller holds the order's lock. Raises
    `MoreThanRemains` when a line would be credited beyond its amount, and `AdvanceDeducted` when `invoice` is
    an advance that a final invoice has deducted: that one is to be credited.
    """
    if invoice.kind == DocumentKind.ADVANCE:
        refuse_deducted(invoice)
    originals = list(credits_)
    parts = [_part_of(remaining(line), credits_[line], line.vat_rate) for line in originals]
    lines = [
        _credit_line(line, position, amounts)
        for position, (line, amounts) in enumerate(zip(originals, parts, strict=True), 1)
    ]
    words = snapshot(
        order=invoice.order,
        lines=[line.order_line for line in originals],
        day=invoice.seller.today(now),
        corrects=invoice,
        reason=reason,
    )
    for line, original, text in zip(lines, originals, words["lines"], strict=True):
        text["unit"] = text["unit"] if line.amount_excl == original.amount_excl else ""  # a part has no hours
    rows = _by_rate(originals, parts)
    draft = Draft(invoice.order, DocumentKind.CREDIT_NOTE, lines, rows, words, corrects=invoice)
    return issue(draft, now=now)


def credited_rows(credits_: Credits) -> list[VatRow]:
    """What such a credit note would say of each rate; raises `MoreThanRemains` as it would."""
    lines = list(credits_)
    return _by_rate(lines, [_part_of(remaining(line), credits_[line], line.vat_rate) for line in lines])


def _by_rate(lines: Sequence[DocumentLine], parts: Sequence[Amounts]) -> list[VatRow]:
    rates: dict[Decimal, Amounts] = {}
    for line, amounts in zip(lines, parts, strict=True):
        rates[line.vat_rate] = rates.get(line.vat_rate, NOTHING) + amounts
    return [VatRow(rate, amounts) for rate, amounts in sorted(rates.items(), reverse=True)]


def remaining(line: DocumentLine) -> Amounts:
    """Work out what of an invoice's line was not credited yet."""
    taken = DocumentLine.objects.filter(corrects=line).aggregate(
        excl=Sum("amount_excl", default=Decimal(0)), vat=Sum("amount_vat", default=Decimal(0))
    )
    excl, vat = line.amount_excl - taken["excl"], line.amount_vat - taken["vat"]
    return Amounts(excl, vat, excl + vat)


def _part_of(left: Amounts, credited: Decimal | Amounts, rate: Decimal) -> Amounts:
    """Split what is credited at `rate`, never passing what is left of either side."""
    if isinstance(credited, Amounts):
        if credited.incl <= 0 or credited.excl > left.excl or credited.vat > left.vat:
            raise MoreThanRemains
        return credited
    incl = round2(credited)
    if incl <= 0 or incl > left.incl:
        raise MoreThanRemains
    wanted = split_incl(incl, rate)
    vat = min(wanted.vat, left.vat)
    excl = min(incl - vat, left.excl)
    return Amounts(excl, incl - excl, incl)


def _credit_line(original: DocumentLine, position: int, amounts: Amounts) -> DocumentLine:
    whole = amounts.excl == original.amount_excl
    return DocumentLine(
        position=position,
        order_line_id=original.order_line_id,
        product_id=original.product_id,
        corrects=original,
        quantity=original.quantity if whole else Decimal(1),
        unit_price_excl=original.unit_price_excl if whole else amounts.excl,
        vat_rate=original.vat_rate,
        amount_excl=amounts.excl,
        amount_vat=amounts.vat,
        amount_incl=amounts.incl,
        supplied_on=original.supplied_on,
    )
