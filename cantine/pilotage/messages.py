"""What the reminder of something that comes due says."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cantine.pilotage.due import RELATED, SORTS, told
from cantine.pilotage.models import Commitment
from cantine.pilotage.services.reminding import TEMPLATE
from members.messages import kinds


def load_due(ids: dict[str, Any]) -> dict[str, Any] | None:
    """What comes due; dropped once it is kept, gone, moved to another day, or over."""
    sort = next(name for name in SORTS if name in ids)
    rows = SORTS[sort]._default_manager.select_related(*RELATED[sort])
    row = rows.filter(pk=ids[sort]).first()
    if row is None or (isinstance(row, Commitment) and row.done_at is not None):
        return None
    due = told(sort, row)
    left = due.days_left(timezone.localdate())
    if due.on.isoformat() != ids["on"] or left < 0:
        return None
    return {"due": due, "days": left, "desk_link": settings.PUBLIC_URL + due.href}


def register() -> None:
    """Declare this message; called from `apps.py:ready`."""
    kinds.register(TEMPLATE, load_due, label=_("rappel d’échéance"))
