"""Noticing, once, what about money a person must look at."""

import datetime as dt

from billing.models import Anomaly, Order
from members.models import User
from members.transactions import own_transaction, require_transaction


def notice(
    kind: Anomaly.Kind, *, key: str, now: dt.datetime, order: Order | None = None, detail: str = ""
) -> None:
    """Step: put something on the manager's page; the same `key` again does nothing."""
    require_transaction()
    row = Anomaly(kind=kind, key=key, order=order, detail=detail[:300], noticed_at=now)
    Anomaly.objects.bulk_create([row], ignore_conflicts=True)


@own_transaction
def resolve(*, anomaly: Anomaly, by: User, now: dt.datetime) -> None:
    """Take something off the manager's page: she has dealt with it."""
    Anomaly.objects.open().filter(pk=anomaly.pk).update(resolved_at=now, resolved_by=by)
