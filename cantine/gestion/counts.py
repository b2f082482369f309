"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
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
    # A one-row table to hang the counts on: any would do, and somebody is signed in.
    found = User.objects.values(**{name: counted(reach.seen_by(row, user)) for name, row in rows.items()})[:1]
    return cast("dict[str, int]", found[0]) if found else {}


def counted(rows: "QuerySet[Any]") -> Coalesce:
    """A subquery that counts rows."""
    one = rows.order_by().annotate(all_rows=Value(1)).values("all_rows").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)
