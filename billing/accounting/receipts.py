"""VAT on receipts: what each payment, in proportion, makes due of what was invoiced. Pure.

Each document keeps what still waits, by rate; the last cent paid makes the rest due, so that nothing waits
once all is paid. A credit note set against an unpaid invoice takes its part of both; one that is given back
in money makes its VAT no longer due when the money goes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from billing.accounting.facts import Rated, Source, VatDueFact
from billing.money import ZERO, round2

Amount = tuple[Decimal, Decimal]
"""A base and its VAT."""


@dataclass(slots=True)
class Waiting:
    """A document whose VAT waits: `left` euros are still to be paid, or to be given back."""

    number: str
    left: Decimal
    by_rate: dict[Decimal, Amount]
    source: Source = field(default_factory=Source)

    def take(self, amount: Decimal) -> list[Rated]:
        """Take the part that `amount` is of what is left; all of it when it is all that is left."""
        whole = amount >= self.left
        part = Decimal(1) if whole else amount / self.left
        taken = []
        for rate, (base, vat) in self.by_rate.items():
            mine = (base, vat) if whole else (round2(base * part), round2(vat * part))
            taken.append(Rated(rate, *mine))
        self.less(taken, amount)
        return taken

    def less(self, rows: Iterable[Rated], amount: Decimal) -> None:
        """Let what was taken wait no more."""
        for row in rows:
            base, vat = self.by_rate.get(row.rate, (ZERO, ZERO))
            self.by_rate[row.rate] = (base - row.base, vat - row.vat)
        self.left = max(self.left - amount, ZERO)


@dataclass(frozen=True, slots=True)
class Step:
    """What was set against a document: money, or a credit note (`credit_note`, its id).

    With `refund`, its id, money was given back on the credit note that `document` is, or came back.
    """

    at: dt.datetime
    order: int
    document: int
    amount: Decimal
    credit_note: int | None = None
    refund: int | None = None
    returned: bool = False


def vat_due(documents: Mapping[int, Waiting], steps: Iterable[Step], zone: dt.tzinfo) -> list[VatDueFact]:
    """Walk the steps in time and tell what each makes due; what is not in `documents` is not on receipts."""
    found: list[VatDueFact] = []
    given_back: dict[int, list[Rated]] = {}
    for step in sorted(steps, key=lambda each: (each.at, each.order)):
        document = documents.get(step.document)
        if document is None:
            continue
        if step.credit_note is not None:
            if step.credit_note in documents:
                document.less(documents[step.credit_note].take(step.amount), step.amount)
            continue
        amounts = _of_money(document, step, given_back)
        day = step.at.astimezone(zone).date()
        found.append(VatDueFact(step.at, day, document.number, amounts, document.source))
    return found


def _of_money(document: Waiting, step: Step, given_back: dict[int, list[Rated]]) -> list[Rated]:
    if step.refund is None:
        return document.take(step.amount)
    if not step.returned:
        given_back[step.refund] = document.take(step.amount)
        return _opposite(given_back[step.refund])
    rows = given_back.pop(step.refund, [])
    document.less(_opposite(rows), -step.amount)
    return rows


def _opposite(rows: Iterable[Rated]) -> list[Rated]:
    return [Rated(row.rate, -row.base, -row.vat) for row in rows]
