"""Payouts added up by the month they arrived in."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from billing.models import Payout


@dataclass(frozen=True)
class Month:
    """What came in a month; `rate` is what the fees are of the gross, in percent."""

    first: dt.date
    number: int
    gross: Decimal
    fees: Decimal
    net: Decimal
    rate: Decimal | None


def share(fees: Decimal, gross: Decimal) -> Decimal | None:
    """What fees are of the gross, in percent to two places; None of nothing."""
    return (100 * fees / gross).quantize(Decimal("0.01"), ROUND_HALF_UP) if gross > 0 else None


def by_month() -> list[Month]:
    """Every month that saw a payout arrive, the newest first; those that failed are left out."""
    rows = (
        Payout.objects.exclude(state=Payout.State.FAILED)
        .order_by()
        .values(first=TruncMonth("arrived_on"))
        .annotate(number=Count("pk"), gross_sum=Sum("gross"), fees_sum=Sum("fees"), net_sum=Sum("amount"))
        .order_by("-first")
    )
    return [
        Month(
            row["first"], row["number"], row["gross_sum"], row["fees_sum"], row["net_sum"],
            share(row["fees_sum"], row["gross_sum"]),
        )
        for row in rows
    ]  # fmt: skip
