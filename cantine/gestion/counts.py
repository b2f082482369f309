"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from typing import Any, cast

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing.models import Anomaly, Payment, Refund
from billing.payments.refunds import failed_refunds_waiting
from bookings.models import ContactMessage, Problem, RentalRequest
from members.models import Message, User


def waiting() -> dict[str, int]:
    """How much waits for somebody: problems, messages, requests to rent, payments, refunds, anomalies."""
    now = timezone.now()
    rows = {
        "problems": Problem.objects.unsolved(),
        "problems_new": Problem.objects.new(),
        "contacts": ContactMessage.objects.waiting(),
        "messages": Message.objects.failed(),
        "rentals": RentalRequest.objects.waiting(),
        "rentals_over": RentalRequest.objects.to_invoice(now),
        "rentals_planned": RentalRequest.objects.to_follow(timezone.localdate(now)),
        "payments": Payment.objects.unsettled(),
        "refunds": failed_refunds_waiting(),
        "to_repay": Refund.objects.to_repay_at_desk(),
        "anomalies": Anomaly.objects.open().exclude(kind=Anomaly.Kind.REFUND_FAILED),
    }
    # A one-row table to hang the counts on: any would do, and somebody is signed in.
    found = User.objects.values(**{name: counted(row) for name, row in rows.items()})[:1]
    return cast("dict[str, int]", found[0]) if found else {}


def counted(rows: "QuerySet[Any]") -> Coalesce:
    """A subquery that counts rows."""
    one = rows.order_by().annotate(all_rows=Value(1)).values("all_rows").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)
