"""Entries of double bookkeeping, and those of documents and their VAT. Pure: no database, no clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from billing.accounting.chart import Account, Chart
from billing.accounting.facts import Auxiliary, DocumentFact, Rated, Source, VatDueFact
from billing.models import AccountRole
from billing.money import ZERO

JOURNALS = {
    "VE": "Ventes",
    "BQ": "Banque",
    "CA": "Caisse",
    "OD": "Opérations diverses",
    "AN": "À-nouveaux",
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of an entry: one side is nought."""

    account: Account
    auxiliary: Auxiliary | None
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """What one fact writes in the books; the sums of both sides are equal."""

    journal: str
    recorded_at: dt.datetime
    date: dt.date
    piece: str
    piece_date: dt.date
    label: str
    lines: tuple[EntryLine, ...]
    source: Source = field(default_factory=Source)

    @property
    def debit(self) -> Decimal:
        """The sum of the debits, which is that of the credits."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Decimal:
        """The sum of the credits."""
        return sum((line.credit for line in self.lines), ZERO)


Part = tuple[Account, Auxiliary | None, Decimal]
"""An account and what is debited to it; less than nothing is credited."""


def balanced(parts: Iterable[Part], rest: tuple[Account, Auxiliary | None]) -> tuple[EntryLine, ...]:
    """Write `parts` and put what is missing on `rest`, debits first: whatever the parts, it balances."""
    there = list(parts)
    missing = -sum((amount for _account, _auxiliary, amount in there), ZERO)
    lines = [
        EntryLine(account, auxiliary, max(amount, ZERO), max(-amount, ZERO))
        for account, auxiliary, amount in [(*rest, missing), *there]
        if amount
    ]
    return tuple([line for line in lines if line.debit] + [line for line in lines if not line.debit])


def of_document(fact: DocumentFact, chart: Chart) -> Entry:
    """The customer owes; revenue (or the advance) is earned, VAT is collected, or waits for the money.

    A final invoice has its revenue in full, and takes off the advances with their VAT. A credit note is the
    same the other way round.
    """
    earned = {chart.revenue(number): amount for number, amount in fact.revenue.items()}
    if fact.of_advance:
        earned = {chart.of(AccountRole.ADVANCES): sum(fact.revenue.values(), ZERO)}
    parts: list[Part] = [
        *((chart.of(AccountRole.ADVANCES), None, row.base) for row in fact.deducted),
        *((vat_account(row, fact, chart), None, row.vat) for row in fact.deducted),
        *((account, None, -amount) for account, amount in earned.items()),
        *((vat_account(row, fact, chart), None, -row.vat) for row in fact.vat),
    ]
    signed = [(account, auxiliary, fact.sign * amount) for account, auxiliary, amount in parts]
    return Entry(
        journal="VE",
        recorded_at=fact.recorded_at,
        date=fact.date,
        piece=fact.number,
        piece_date=fact.date,
        label=f"{'Avoir' if fact.credit else 'Facture'} {fact.number} {fact.customer.label}",
        lines=balanced(signed, (chart.of(AccountRole.CUSTOMERS), fact.customer)),
        source=fact.source,
    )


def vat_account(row: Rated, fact: DocumentFact, chart: Chart) -> Account:
    """VAT due when the document is issued, or waiting for the money."""
    return chart.vat(row.rate) if fact.on_debits else chart.of(AccountRole.VAT_PENDING)


def of_vat_due(fact: VatDueFact, chart: Chart) -> Entry:
    """VAT that waited for the money is due; or no longer, when the money went back."""
    parts: list[Part] = [(chart.vat(row.rate), None, -row.vat) for row in fact.amounts]
    return Entry(
        journal="OD",
        recorded_at=fact.recorded_at,
        date=fact.date,
        piece=fact.number,
        piece_date=fact.date,
        label=f"TVA sur encaissements {fact.number}",
        lines=balanced(parts, (chart.of(AccountRole.VAT_PENDING), None)),
        source=fact.source,
    )
