"""The registry of what is forgotten with time: a period (members/periods.py) → what deletes a batch of it.

Rooms register in `apps.py:ready`; beat runs them all each night. What has a look of its own (registrants,
rental requests, sessions, copies, closings) has its period in the same table.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from members.periods import PERIODS

log = logging.getLogger(__name__)

BATCH = 500
BATCHES = 200
"""At most so many of each sort in a night: the first night on an old place is not its longest."""

Forget = Callable[[datetime], int]
"""Forget a batch of what is older than this; says how many rows, 0 when nothing is left."""

_rules: dict[str, Forget] = {}


def register(period: str, forget: Forget) -> None:
    """Declare what forgets what is kept for `period`."""
    if period not in PERIODS:
        raise ValueError(f"The period {period} is not in the table.")
    if period in _rules and _rules[period] is not forget:
        raise ValueError(f"The period {period} is kept twice.")
    _rules[period] = forget


def registered() -> list[str]:
    """The periods that the nightly look keeps, by name."""
    return sorted(_rules)


def forget_all(now: datetime) -> dict[str, int]:
    """Run every rule until nothing is left of what is too old; one that fails must not stop the others."""
    done = dict.fromkeys(registered(), 0)
    for period, forget in _rules.items():
        try:
            for _batch in range(BATCHES):
                found = forget(now - PERIODS[period])
                done[period] += found
                if not found:
                    break
        except Exception:  # one rule that fails must not keep the others from being followed
            log.exception("What is kept for %s could not be forgotten", period)
    return done


def batch(rows: "QuerySet[Model]") -> list[int]:
    """Step: lock some rows that no other worker has in hand; gives their keys."""
    locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    return list(locked.values_list("pk", flat=True)[:BATCH])


def deletes(rows: "Callable[[datetime], QuerySet[Model]]") -> Forget:
    """Make the rule that deletes what `rows(before)` finds."""

    @transaction.atomic(durable=True)
    def forget(before: datetime) -> int:
        found = rows(before)
        keys = batch(found)
        found.model._default_manager.filter(pk__in=keys).delete()
        return len(keys)

    return forget


def each_of(*rules: Forget) -> Forget:
    """Make one rule of several that keep the same period."""

    def forget(before: datetime) -> int:
        return sum(rule(before) for rule in rules)

    return forget


def wipes(rows: "Callable[[datetime], QuerySet[Model]]", **fields: object) -> Forget:
    """Make the rule that empties `fields` of what `rows(before)` finds, which then no longer finds it."""

    @transaction.atomic(durable=True)
    def forget(before: datetime) -> int:
        found = rows(before)
        keys = batch(found)
        found.model._default_manager.filter(pk__in=keys).update(**fields)
        return len(keys)

    return forget
