"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from billing.models import Anomaly, Payment, Refund
from billing.payments.refunds import failed_refunds_waiting
from bookings.models import ContactMessage, Problem, RentalRequest
from cantine.models import Commitment, Indicator, Meeting
from cantine.pilotage.due import STEPS
from members import reach
from members.models import Message, Notice, Organisation, User

Statement = tuple[str, tuple[Any, ...]]
"""SQL, and what it is asked with."""


def waiting(user: User) -> dict[str, int]:
    """How much waits within this person's reach: problems, messages, requests to rent, and what is money."""
    now = timezone.now()
    seen = reach.sight(user)
    over = written(reach.inside(RentalRequest.objects.to_invoice(now), seen))
    return counted({**of_the_day(seen, timezone.localdate(now)), "rentals_over": over})


@lru_cache(maxsize=64)
def of_the_day(seen: reach.Reach, today: date) -> dict[str, Statement | None]:
    """What stays the same from page to page for one reach and one day: longer to write than to ask."""
    soon = today + timedelta(days=max(STEPS))
    rows: dict[str, QuerySet[Any]] = {
        "problems": Problem.objects.unsolved(),
        "problems_new": Problem.objects.new(),
        "contacts": ContactMessage.objects.waiting(),
        "messages": Message.objects.failed(),
        "ownerless": Organisation.objects.without_owner(),
        "reported": Notice.objects.reported(),
        "rentals": RentalRequest.objects.waiting(),
        "rentals_planned": RentalRequest.objects.to_follow(today),
        "payments": Payment.objects.unsettled(),
        "refunds": failed_refunds_waiting(),
        "to_repay": Refund.objects.to_repay_at_desk(),
        "to_approve": Refund.objects.to_approve(),
        "commitments": Commitment.objects.due_between(date.min, soon),
        "indicators": Indicator.objects.due_between(today, soon),
        "meetings": Meeting.objects.due_between(today, soon),
        "anomalies": Anomaly.objects.open().exclude(kind=Anomaly.Kind.REFUND_FAILED),
    }
    return {name: written(reach.inside(row, seen)) for name, row in rows.items()}


def written(rows: "QuerySet[Any]") -> Statement | None:
    """The statement that finds these rows; none where Django knows that there are none."""
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def counted(statements: dict[str, Statement | None]) -> dict[str, int]:
    """How many rows each finds, by one statement.

    Each is written by itself and put beside the others: as subqueries of one query, Django resolves each anew
    for every one that is added, and takes longer to write the statement than the rest of the page takes.
    """
    asked = {name: each for name, each in statements.items() if each is not None}
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS them)" for sql, _values in asked.values())  # noqa: S608 - Django's own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _sql, values in asked.values() for value in values])
        return {**dict.fromkeys(statements, 0), **dict(zip(asked, cursor.fetchone(), strict=True))}
