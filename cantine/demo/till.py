"""The demonstration's till: the drawer counted on Fridays, the year closed day by day at the end."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from billing.models import CashMovement
from billing.till.closing import close_due
from billing.till.drawer import count_cash, drawer_of, move_cash
from bookings.models import Site
from cantine.demo.diary import Diary
from members.models import User

WEEKS, FRIDAY, EVENING = 7, 4, time(18)
FLOAT, MOST = Decimal("80.00"), Decimal("200.00")
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


def close(now: datetime) -> None:
    """Close what is over, as the nights of the year would have done."""
    close_due(now)
