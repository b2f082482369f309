"""The books of a seller: every entry of a fiscal year, numbered without a gap in the order of recording."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.accounting.chart import Chart, chart_of
from billing.accounting.entries import Entry, entry_of
from billing.accounting.facts import DocumentFact, Fact, MoneyFact, PayoutFact
from billing.accounting.loading import cash_facts, document_facts, issued, money_facts, vat_facts
from billing.accounting.payouts import payout_facts
from billing.accounting.periods import Period, years_of
from billing.models import Seller
from billing.money import ZERO

ORDER: dict[type, int] = {DocumentFact: 0, MoneyFact: 1, PayoutFact: 2}
"""Of what was recorded at the same instant, which comes first."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry and its rank in the fiscal year."""

    number: int
    entry: Entry


def numbered(facts: Iterable[Fact], chart: Chart) -> list[Numbered]:
    """Derive the entries of a fiscal year's facts and number them from one; what moves nothing has no number.

    Facts are only ever added, so what has a number keeps it.
    """
    ordered = sorted(facts, key=lambda fact: (fact.recorded_at, ORDER.get(type(fact), 3)))
    entries = (entry_of(fact, chart) for fact in ordered)
    return [Numbered(rank, entry) for rank, entry in enumerate((each for each in entries if each.lines), 1)]


def facts_of(seller: Seller, period: Period) -> list[Fact]:
    """Every fact of a seller recorded within a period."""
    rows = issued(seller).filter(issued_on__gte=period.first, issued_on__lte=period.last)
    return [
        *document_facts(rows),
        *money_facts(seller, period),
        *payout_facts(seller, period.first, period.last),
        *cash_facts(seller, period),
        *vat_facts(seller, period),
    ]


def entries_of(seller: Seller, period: Period) -> list[Numbered]:
    """The entries of a period: each has its number in its own fiscal year."""
    chart = chart_of(seller)
    found: list[Numbered] = []
    for year in years_of(period, seller.fiscal_year_starts_in):
        upto = Period(year.first, min(year.last, period.last))
        found += [each for each in numbered(facts_of(seller, upto), chart) if each.entry.date in period]
    return found


@dataclass(frozen=True, slots=True)
class Sums:
    """What was debited and credited, in euros."""

    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """Debits less credits."""
        return self.debit - self.credit


def sums_by_account(entries: Iterable[Numbered]) -> dict[str, Sums]:
    """The trial balance: sums of each account number, in order."""
    found: dict[str, Sums] = {}
    for each in entries:
        for line in each.entry.lines:
            before = found.get(line.account.number, Sums())
            found[line.account.number] = Sums(before.debit + line.debit, before.credit + line.credit)
    return dict(sorted(found.items()))


def sums_by_journal(entries: Iterable[Numbered]) -> dict[str, Sums]:
    """Sums of each journal."""
    found: dict[str, Sums] = {}
    for each in entries:
        before = found.get(each.entry.journal, Sums())
        found[each.entry.journal] = Sums(before.debit + each.entry.debit, before.credit + each.entry.credit)
    return found
