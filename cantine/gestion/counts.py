"""What waits for the manager, as small numbers beside the nav: one query for all of them."""

from typing import Any, cast

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from billing.models import Anomaly, Payment, Refund
from members.models import Message, User


def waiting() -> dict[str, int]:
    """How many failed messages, payments without a sequel, failed refunds and anomalies there are."""
    rows = {
        "messages": Message.objects.failed(),
        "payments": Payment.objects.unsettled(),
        "refunds": Refund.objects.filter(state=Refund.State.FAILED),
        "anomalies": Anomaly.objects.open(),
    }
    # A one-row table to hang the counts on: any would do, and somebody is signed in.
    found = User.objects.values(**{name: counted(row) for name, row in rows.items()})[:1]
    return cast("dict[str, int]", found[0]) if found else {}


def counted(rows: "QuerySet[Any]") -> Coalesce:
    """A subquery that counts rows."""
    one = rows.order_by().annotate(all_rows=Value(1)).values("all_rows").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)
