"""What being late would allow to ask of a business: penalties by rate and days, an indemnity. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.money import HUNDRED, ZERO, round2

INDEMNITY = Decimal("40.00")
"""Fixed by code de commerce, art. D441-5; outside VAT, once a document."""
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Charges:
    """What could be asked besides what is owed, in euros; nothing of it is ever charged by itself."""

    days: int
    penalties: Decimal
    indemnity: Decimal

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.penalties + self.indemnity


def penalties(
    *,
    due_on: dt.date,
    today: dt.date,
    total: Decimal,
    taken: Sequence[tuple[dt.date, Decimal]],
    rates: Sequence[tuple[dt.date, Decimal]],
) -> Decimal:
    """Work out penalties from the day after `due_on` to `today`, on what was owed each day, rounded once.

    `taken` is what was paid or credited, by day; `rates` are percents a year, each from its day on.
    """
    owed_days = ZERO
    for offset in range(1, (today - due_on).days + 1):
        day = due_on + dt.timedelta(days=offset)
        owed = total - sum((amount for when, amount in taken if when < day), ZERO)
        rate = max((pair for pair in rates if pair[0] <= day), default=(day, ZERO))[1]
        owed_days += max(owed, ZERO) * rate
    return round2(owed_days / HUNDRED / DAYS_A_YEAR)
