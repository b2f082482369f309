"""Reminding by e-mail of what comes due, thirty and seven days before; each once, whatever runs twice."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from cantine.pilotage.due import STEPS, Due, due_between, step_at
from members import reach
from members.messages import owing
from members.models import Message, User
from members.transactions import own_transaction

TEMPLATE = "pilotage/due"
RIGHT = "cantine.change_commitment"


@own_transaction
def remind_due(now: datetime) -> int:
    """Owe the reminders of today to the managers who reach what comes due; how many are due in all.

    A message's key names the thing, its day and the step: twice is once, and another day is told of again.
    """
    today = timezone.localdate(now)
    coming = due_between(today, today + timedelta(days=max(STEPS)))
    managers = list(User.objects.filter(Q(groups__name="manager"), is_active=True).distinct().order_by("pk"))
    letters = [_letter(due, user, now) for due in coming for user in managers if _reaches(user, due)]
    owing.owe(*letters)
    return len(letters)


def _reaches(user: User, due: Due) -> bool:
    found = reach.of(user)
    return found.everywhere if due.site is None else found.covers(due.site)


def _letter(due: Due, user: User, now: datetime) -> Message:
    step = step_at(due.days_left(timezone.localdate(now)))
    return owing.letter(
        to=user.email,
        template=TEMPLATE,
        key=f"{TEMPLATE}:{due.sort}:{due.row.pk}:{due.on}:{step}:{user.pk}",
        language=user.language,
        due_at=now,
        **{due.sort: due.row.pk, "on": due.on.isoformat()},
    )
