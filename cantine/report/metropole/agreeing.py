"""Whether the report says what the books and the till say: for each seller all of whose sites it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from billing.accounting.books import moved_in
from billing.accounting.chart import USUAL_VAT, Chart, chart_of
from billing.accounting.entries import Entry
from billing.accounting.periods import Period
from billing.accounting.revenue import revenue
from billing.models import AccountRole, Seller, TillClosing
from billing.money import ZERO
from bookings.models import Site
from cantine.pilotage.figures import income
from cantine.pilotage.figures.months import month_of

SALES, MONEY = "VE", ("BQ", "CA")


@dataclass(frozen=True)
class Books:
    """What the entries of a period say, in euros; `earned`: revenue accounts, credits less debits."""

    earned: Decimal = ZERO
    vat: Decimal = ZERO
    advances: Decimal = ZERO
    charged: Decimal = ZERO
    paid: Decimal = ZERO


@dataclass(frozen=True)
class Agreed:
    """The same period by the report, by the books and by the till, of one seller, in euros."""

    seller: Seller
    reported: Decimal
    elsewhere: Decimal
    """What was sold at no site of the report."""
    books: Books
    closed: Decimal
    """What the closings of the till received, less what they gave back."""

    @property
    def gap(self) -> Decimal:
        """Between the report and the books: nothing."""
        return self.books.earned - self.reported - self.elsewhere

    @property
    def till_gap(self) -> Decimal:
        """Between the books and the till: nothing, once each day is closed."""
        return self.books.paid - self.closed

    @property
    def owed(self) -> Decimal:
        """By how much more customers owe at the end than at the start."""
        return self.books.charged - self.books.paid


def agreed(sites: Sequence[Site], houses: Sequence[Site], first: date, last: date) -> list[Agreed]:
    """Compare, seller by seller; of one who has other sites too nothing can be told."""
    chosen = {site.pk for site in sites}
    sellers = {site.seller for site in sites}
    sellers -= {site.seller for site in houses if site.pk not in chosen}
    found = []
    for seller in sorted(sellers, key=lambda each: each.code):
        mine = [site for site in sites if site.seller_id == seller.pk]
        found.append(_agreed(seller, mine, Period(first, last)))
    return found


def _agreed(seller: Seller, sites: Sequence[Site], period: Period) -> Agreed:
    told = income.by_category(sites, month_of(period.first), month_of(period.last))
    reported = sum((amount for month in told.values() for amount in month.values()), ZERO)
    months = revenue(seller, period).values()
    sold = sum((amount for each in months for amount in each.values()), ZERO)
    days = TillClosing.objects.filter(seller=seller).days().chained()
    sums = days.filter(first_day__range=(period.first, period.last)).aggregate(
        came=Sum("received", default=ZERO), back=Sum("refunded", default=ZERO)
    )
    books = books_of(moved_in(seller, period), chart_of(seller))
    return Agreed(seller, reported, sold - reported, books, sums["came"] - sums["back"])


def books_of(entries: Sequence[Entry], chart: Chart) -> Books:
    """Add entries up by what their accounts are for. Pure."""
    customers = chart.of(AccountRole.CUSTOMERS).number
    advances = chart.of(AccountRole.ADVANCES).number
    vats = [chart.of(AccountRole.VAT), chart.of(AccountRole.VAT_PENDING)]
    vat = {each.number for each in (*vats, *chart.vat_rates.values(), *USUAL_VAT.values())}
    sums = dict.fromkeys(("earned", "vat", "advances", "charged", "paid"), ZERO)
    for each in entries:
        for line in each.lines:
            number, credit = line.account.number, line.credit - line.debit
            if each.journal in MONEY and number == customers:
                sums["paid"] += credit
            elif each.journal == SALES and number == customers:
                sums["charged"] -= credit
            elif each.journal == SALES and number == advances:
                sums["advances"] += credit
            elif each.journal == SALES and number in vat:
                sums["vat"] += credit
            elif each.journal == SALES:
                sums["earned"] += credit
    return Books(**sums)
