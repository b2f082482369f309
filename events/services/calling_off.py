"""Everyone of a cancelled event is told and refunded, one transaction each; killed, it is run again."""

import logging
from datetime import datetime

from billing.money import ZERO
from billing.orders.services import lock
from events.models import Event, Registration
from events.services import telling
from events.services.leaving import undo
from events.services.seats import lock_event, lock_registration
from members.transactions import own_transaction

log = logging.getLogger(__name__)

TASK = "events.tasks.call_off_registrations"


def call_off_due(now: datetime, limit: int = 500) -> int:
    """Call off what is left of the registrations of cancelled events, `limit` at most; says how many."""
    left = Registration.objects.standing().filter(event__state=Event.State.CANCELLED)
    done = 0
    for pk in list(left.order_by("event", "pk").values_list("pk", flat=True)):
        if done == limit:
            break
        try:
            done += _call_off(left.select_related("event", "line__order").get(pk=pk), now=now)
        except Registration.DoesNotExist:
            continue  # someone else called it off
        except Exception:  # one that fails must not keep the others from being told
            log.exception("Registration %s could not be called off", pk)
    return done


@own_transaction
def _call_off(registration: Registration, *, now: datetime) -> bool:
    order = lock(registration.line.order) if registration.line is not None else None
    lock_event(registration.event)
    found = lock_registration(registration)
    if not found.is_standing or found.event.state != Event.State.CANCELLED:
        return False
    undone = undo(found, order, kept=ZERO, by=None, now=now, tell=False)
    telling.owe_event_cancelled(undone)
    return True
