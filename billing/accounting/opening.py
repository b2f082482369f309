"""Opening balances (« à-nouveaux »): what one fiscal year leaves to the next. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from billing.accounting.chart import Account, Chart
from billing.accounting.entries import Entry, balanced
from billing.accounting.facts import Auxiliary
from billing.accounting.periods import Period
from billing.models import AccountRole
from billing.money import ZERO

JOURNAL = "AN"
RESULT_CLASSES = ("6", "7")


def opening_of(before: Iterable[Entry], year: Period, chart: Chart, zone: dt.tzinfo) -> Entry:
    """The entry that opens `year`: what those of the year before, its own opening too, left on each account.

    Customers one by one. Charges and income are left as one result, on the account of a profit or of a loss.
    """
    left: dict[tuple[Account, Auxiliary | None], Decimal] = defaultdict(lambda: ZERO)
    result = ZERO
    for entry in before:
        for line in entry.lines:
            if line.account.number.startswith(RESULT_CLASSES):
                result += line.debit - line.credit
            else:
                left[line.account, line.auxiliary] += line.debit - line.credit
    ordered = sorted(
        left.items(), key=lambda item: (item[0][0].number, item[0][1].code if item[0][1] else "")
    )
    parts = [(account, auxiliary, amount) for (account, auxiliary), amount in ordered]
    return Entry(
        journal=JOURNAL,
        recorded_at=dt.datetime.combine(year.first, dt.time(), zone),
        date=year.first,
        piece=f"AN-{year.first:%Y-%m}",
        piece_date=year.first,
        label=f"À-nouveaux au {year.first:%d/%m/%Y}",
        lines=balanced(parts, (chart.of(AccountRole.PROFIT if result <= 0 else AccountRole.LOSS), None)),
    )
