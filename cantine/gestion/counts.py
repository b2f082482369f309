"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from datetime import date, timedelta
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


def waiting(user: User) -> dict[str, int]:
    """How much waits within this person's reach: problems, messages, requests to rent, and what is money."""
    now = timezone.now()
    today = timezone.localdate(now)
    soon = today + timedelta(days=max(STEPS))
    rows = {
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
    return counted({name: reach.seen_by(row, user) for name, row in rows.items()})


def counted(rows: "dict[str, QuerySet[Any]]") -> dict[str, int]:
    """How many rows each has, by one statement.

    Each is written by itself and put beside the others: as subqueries of one query, Django resolves each anew
    for every one that is added, and takes longer to write the statement than the rest of the page takes.
    """
    found, asked, values = dict.fromkeys(rows, 0), dict[str, str](), list[Any]()
    for name, each in rows.items():
        try:
            asked[name], parameters = each.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        values += parameters
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS them)" for sql in asked.values())  # noqa: S608 - Django's own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", values)
        return {**found, **dict(zip(asked, cursor.fetchone(), strict=True))}
