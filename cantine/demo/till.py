"""The demonstration's till: the drawer counted on Fridays, the year closed day by day at the end."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from billing.models import CashMovement, Seller
from billing.till.closing import close_due
from billing.till.drawer import count_cash, drawer_of, move_cash
from billing.till.remitting import CHEQUE, TERMINAL, remit, total, waiting
from bookings.models import Site
from cantine.demo.diary import Diary
from members.models import User

WEEKS, FRIDAY, EVENING = 7, 4, time(18)
FLOAT, MOST = Decimal("80.00"), Decimal("200.00")
BANK_TAKES, TERMINAL_RATE = timedelta(days=2), Decimal("0.009")
DIFFERENCES = {2: Decimal("-0.50"), 5: Decimal("2.00")}
"""By how much some weeks' counts were off."""


def note_counts(*, diary: Diary, site: Site, by: User, zone: ZoneInfo) -> None:
    """Let the drawer of `site` be counted on each of the last Fridays, and its surplus go to the bank."""
    today = diary.now.astimezone(zone).date()
    last = today - timedelta(days=(today.weekday() - FRIDAY) % 7 or 7)
    for week in range(WEEKS, -1, -1):
        on: date = last - timedelta(weeks=week)
        count: Callable[[datetime], object] = partial(_count, site, by, WEEKS - week)
        diary.note(on, EVENING, zone, count)


def _count(site: Site, by: User, number: int, now: datetime) -> None:
    where: Any = {"seller": site.seller, "site_code": site.code}
    expected = drawer_of(**where).expected
    counted = FLOAT if expected is None else expected + DIFFERENCES.get(number, Decimal(0))
    note = "Une pièce roulée sous le comptoir\u00a0?" if number in DIFFERENCES else ""
    count_cash(**where, counted=max(counted, Decimal(0)), by=by, now=now, note=note)
    if counted > MOST:
        move_cash(**where, kind=CashMovement.Kind.BANKED, amount=counted - FLOAT, by=by, now=now)


def give_to_the_bank(*, by: User, now: datetime) -> None:
    """Let `by` note what the bank received: terminal takings by week, cheques by month, but the last."""
    for seller in Seller.objects.order_by("pk"):
        for method, period in ((TERMINAL, timedelta(days=7)), (CHEQUE, timedelta(days=30))):
            _remit(seller, method, period, by, now)


def _remit(seller: Seller, method: str, period: timedelta, by: User, now: datetime) -> None:
    rows = waiting(seller, method)
    if not rows:
        return
    first = rows[0].day
    for number, group in groupby(rows, key=lambda row: (row.day - first) // period):
        chosen, received = list(group), first + (number + 1) * period + BANK_TAKES
        if received > now.date() or total(chosen) <= 0:
            return
        fees = (total(chosen) * TERMINAL_RATE).quantize(Decimal("0.01")) if method == TERMINAL else Decimal(0)
        remit(
            seller=seller,
            method=method,
            keys=[row.key for row in chosen],
            received_on=received,
            amount=total(chosen) - fees,
            fees=fees,
            reference=f"REM {method.upper()} {received:%d%m}",
            by=by,
            now=min(now, datetime.combine(received, EVENING, seller.zone)),
        )


def close(now: datetime) -> None:
    """Close what is over, as the nights of the year would have done."""
    close_due(now)
