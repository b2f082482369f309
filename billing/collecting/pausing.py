"""Holding dunning letters back, and letting them go again."""

import datetime as dt

from django.utils import timezone

from billing.collecting.errors import PauseOver, PauseWithoutEnd
from billing.models import Customer, Document, DunningPause
from members.models import User
from members.transactions import own_transaction


@own_transaction
def pause(
    *,
    document: Document | None = None,
    customer: Customer | None = None,
    why: str,
    reason: str,
    until: dt.date | None,
    by: User,
    now: dt.datetime,
) -> DunningPause:
    """Hold back the letters about a document, or a customer, until the end of `until`.

    A dispute may stand until somebody lifts it; anything else needs an end that is to come, or
    `PauseWithoutEnd` is raised. Letters owed and not gone yet are dropped when they are about to be sent.
    """
    today = timezone.localdate(now)
    ends_well = until >= today if until else why == DunningPause.Why.DISPUTED
    if not ends_well:
        raise PauseWithoutEnd
    return DunningPause.objects.create(
        document=document, customer=customer, why=why, reason=reason, since=today, until=until, by=by, at=now
    )


@own_transaction
def lift(*, pause_: DunningPause, by: User, now: dt.datetime) -> None:
    """End a pause before its time; raises `PauseOver` when somebody did already."""
    standing = DunningPause.objects.filter(pk=pause_.pk, lifted_at=None)
    if not standing.update(lifted_at=now, lifted_by=by):
        raise PauseOver
