"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from datetime import date, datetime, timedelta
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
"""A statement and its values."""


def waiting(user: User) -> dict[str, int]:
    """How much waits within this person's reach: problems, messages, requests to rent, and what is money."""
    names, (sql, values) = _asked(reach.sight(user), timezone.now().replace(second=0, microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(zip(names, cursor.fetchone(), strict=True))


@lru_cache(maxsize=64)
def _asked(seen: reach.Reach, minute: datetime) -> tuple[list[str], Statement]:
    """What is asked for a reach in this minute, and what each number counts.

    Django writes it in 5 ms, which every page of the desk would wait for; a reach and a minute say all of it.
    """
    rows = rows_waiting(minute)
    return [*rows], counting([reach.inside(each, seen) for each in rows.values()])


def rows_waiting(now: datetime) -> "dict[str, QuerySet[Any]]":
    """The rows that wait for someone, wherever they are; asks nothing yet."""
    today = timezone.localdate(now)
    soon = today + timedelta(days=max(STEPS))
    return {
        "problems": Problem.objects.unsolved(),
        "problems_new": Problem.objects.new(),
        "contacts": ContactMessage.objects.waiting(),
        "messages": Message.objects.failed(),
        "ownerless": Organisation.objects.without_owner(),
        "reported": Notice.objects.reported(),
        "rentals": RentalRequest.objects.waiting(),
        "rentals_over": RentalRequest.objects.to_invoice(now),
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


def counting(rows: "list[QuerySet[Any]]") -> Statement:
    """The one statement that says how many rows each has.

    Each is written by itself and put beside the others: as subqueries of one query, Django resolves each anew
    for every one that is added, and takes longer to write the statement than the rest of the page takes.
    """
    counts, values = list[str](), list[Any]()
    for each in rows:
        try:
            sql, parameters = each.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            counts.append("0")
            continue
        counts.append(f"(SELECT count(*) FROM ({sql}) AS them)")  # noqa: S608 - Django's own
        values += parameters
    return f"SELECT {', '.join(counts)}", tuple(values)
