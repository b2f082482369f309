"""The books of a seller: every entry of a fiscal year, numbered without a gap in the order of recording."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from billing.accounting.chart import Chart, chart_of
from billing.accounting.deriving import entry_of
from billing.accounting.desk import cash_facts, drawer_facts, remittance_facts
from billing.accounting.entries import Entry
from billing.accounting.facts import DocumentFact, Fact, MoneyFact, PayoutFact
from billing.accounting.loading import document_facts, instants, issued, money_facts, vat_facts
from billing.accounting.opening import JOURNAL, opening_of
from billing.accounting.payouts import dispute_facts, payout_facts
from billing.accounting.periods import ONE_DAY, Period, fiscal_year, years_of
from billing.accounting.summing import summed_documents, summed_money
from billing.accounting.summing_vat import settled, summed_vat
from billing.accounting.write_offs import write_off_facts
from billing.models import Document, PaymentEvent, Seller
from billing.money import ZERO

ORDER: dict[type, int] = {DocumentFact: 0, MoneyFact: 1, PayoutFact: 2}
"""Of what was recorded at the same instant, which comes first."""
EVER = dt.date(2000, 1, 1)
"""Before anything was recorded."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry and its rank in the fiscal year."""

    number: int
    entry: Entry


def numbered(facts: Iterable[Fact], chart: Chart, opening: Entry | None = None) -> list[Numbered]:
    """Derive the entries of a fiscal year's facts and number them from one; what moves nothing has no number.

    Its opening comes first. Facts are only ever added, so what has a number keeps it; a version of this
    software that derives entries of a new kind numbers every year anew.
    """
    ordered = sorted(facts, key=lambda fact: (fact.recorded_at, ORDER.get(type(fact), 3)))
    entries = [*([opening] if opening else []), *(entry_of(fact, chart) for fact in ordered)]
    return [Numbered(rank, entry) for rank, entry in enumerate((each for each in entries if each.lines), 1)]


def books(
    facts: Iterable[Fact], chart: Chart, *, starts_in: int, last: dt.date, zone: dt.tzinfo
) -> dict[Period, list[Numbered]]:
    """Derive each fiscal year until that of `last`, opened with what the one before left."""
    by_year = defaultdict[Period, list[Fact]](list)
    for fact in facts:
        by_year[fiscal_year(fact.date, starts_in)].append(fact)
    found: dict[Period, list[Numbered]] = {}
    before: list[Numbered] = []
    first = min((year.first for year in by_year), default=last)
    for year in years_of(Period(first, last), starts_in):
        opening = opening_of((each.entry for each in before), year, chart, zone) if found else None
        found[year] = before = numbered(by_year[year], chart, opening)
    return found


def facts_of(seller: Seller, period: Period) -> list[Fact]:
    """Every fact of a seller recorded within a period."""
    return _facts(seller, period, period)


def _facts(seller: Seller, period: Period, fewer: Period) -> list[Fact]:
    """Those of a period; of what the bank and the drawers had, a few rows a day, those of `fewer`.

    Their order is that of what was recorded at the same instant.
    """
    rows = issued(seller).filter(issued_on__gte=period.first, issued_on__lte=period.last)
    return [
        *document_facts(rows),
        *money_facts(seller, period),
        *_fewer(seller, fewer),
        *vat_facts(seller, period),
    ]


def _most_before(seller: Seller, day: dt.date) -> list[Fact]:
    """What documents, payments and VAT before `day` leave on each account, fiscal year by fiscal year.

    They are summed by the database, but for the VAT of documents for which the order of what was set against
    them matters. What the bank and the drawers had is always read one by one.
    """
    before = Period(EVER, day - ONE_DAY)
    end = instants(before, seller)[1]
    if not _sold_before(seller, day, end):  # in the first year: nothing to sum
        return []
    return [
        *summed_documents(seller, day),
        *summed_money(seller, end),
        *summed_vat(seller, end),
        *vat_facts(seller, before, but=settled(seller, end)),
    ]


def _sold_before(seller: Seller, day: dt.date, end: dt.datetime) -> bool:
    """Whether any document was issued, or any money moved, before a day; without one no VAT is due either."""
    return (
        Document.objects.filter(seller=seller, issued_on__lt=day).exists()
        or PaymentEvent.objects.filter(seller=seller, at__lt=end).exists()
    )


def _fewer(seller: Seller, period: Period) -> list[Fact]:
    return [
        *payout_facts(seller, period.first, period.last),
        *dispute_facts(seller, period.first, period.last),
        *write_off_facts(seller, period),
        *remittance_facts(seller, period),
        *cash_facts(seller, period),
        *drawer_facts(seller, period),
    ]


def books_of(seller: Seller, last: dt.date) -> dict[Period, list[Numbered]]:
    """Every fiscal year of a seller until `last`, all derived; so many queries, however many years."""
    return _books(seller, facts_of(seller, Period(EVER, last)), last)


def books_over(
    seller: Seller, period: Period, facts: Sequence[Fact] | None = None
) -> dict[Period, list[Numbered]]:
    """The fiscal years that a period touches, until that of today; those before are summed, not derived.

    `facts` are those of the period, where they were read already.
    """
    starts_in = seller.fiscal_year_starts_in
    first = fiscal_year(max(period.first, EVER), starts_in).first
    if facts is None:
        asked = _facts(seller, Period(first, period.last), Period(EVER, period.last))
    else:
        before = Period(EVER, period.first - ONE_DAY)
        if first < period.first:
            asked = [*_facts(seller, Period(first, before.last), before), *facts]
        else:
            asked = [*_fewer(seller, before), *facts]
    known = max([fiscal_year(seller.today(timezone.now()), starts_in).last, *(fact.date for fact in asked)])
    found = _books(seller, [*_most_before(seller, first), *asked], min(period.last, known))
    return {year: entries for year, entries in found.items() if year.first >= first}


def _books(seller: Seller, facts: Iterable[Fact], last: dt.date) -> dict[Period, list[Numbered]]:
    return books(
        facts,
        chart_of(seller),
        starts_in=seller.fiscal_year_starts_in,
        last=last,
        zone=seller.zone,
    )


def entries_of(seller: Seller, period: Period, facts: Sequence[Fact] | None = None) -> list[Numbered]:
    """The entries of a period: each has its number in its own fiscal year; `facts`, as `books_over` says.

    The balances of before are among them where the period begins with a fiscal year. Those that open a later
    year within it would count twice, and are left out.
    """
    return [
        each
        for entries in books_over(seller, period, facts).values()
        for each in entries
        if each.entry.date in period and (each.entry.journal != JOURNAL or each.entry.date == period.first)
    ]


def moved_in(seller: Seller, period: Period) -> list[Entry]:
    """The entries of a period, neither numbered nor opened: nothing of before is read."""
    chart = chart_of(seller)
    return [entry_of(fact, chart) for fact in facts_of(seller, period)]


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


def balances_on(seller: Seller, day: dt.date) -> dict[str, Sums]:
    """The sums of each account at the end of `day`, from the opening of its fiscal year on."""
    years = list(books_over(seller, Period(day, day)).values())
    return sums_by_account(years[-1]) if years else {}


def sums_by_journal(entries: Iterable[Numbered]) -> dict[str, Sums]:
    """Sums of each journal."""
    found: dict[str, Sums] = {}
    for each in entries:
        before = found.get(each.entry.journal, Sums())
        found[each.entry.journal] = Sums(before.debit + each.entry.debit, before.credit + each.entry.credit)
    return found
