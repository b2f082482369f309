"""What waits, how much of it and since when: the database's own lists, and the broker's queue."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from kombu.exceptions import KombuError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from billing.models import Document, Order, Payment, Refund, StripeEvent
from bookings.models import Booking
from cantine import heartbeats
from cantine.celery import app
from cantine.watching import nightly
from cantine.watching.models import Nightly
from members.models import Message

QUEUE = "celery"
ASKED_AT = "cantine_asked_at"
"""The header of a task that says when it was asked for, in seconds since 1970."""


@dataclass(frozen=True)
class Waiting:
    """How many, and how long the oldest has been due; nothing waits when there are none."""

    number: int = 0
    age: timedelta = timedelta()


List = tuple["QuerySet[Any]", str]
"""Rows that are due and not done, and the field that says since when."""


def mail(now: datetime) -> List:
    """E-mails whose time has come, those being tried again among them."""
    return Message.objects.owed().filter(due_at__lte=now), "due_at"


def inbox(now: datetime) -> List:
    """Stripe's events not yet acted on."""
    return StripeEvent.objects.exclude(state=StripeEvent.State.DONE), "received_at"


def files(now: datetime) -> List:
    """Documents whose PDF is not made yet."""
    return Document.objects.filter(files=None), "issued_at"


def refunds(now: datetime) -> List:
    """Refunds of cards not yet asked of Stripe."""
    due = Refund.objects.filter(state=Refund.State.REQUESTED, payment__method=Payment.Method.CARD)
    return due, "requested_at"


def holds(now: datetime) -> List:
    """Places held beyond their time, which the worker should have freed."""
    return Booking.objects.overdue(now), "held_until"


def orders(now: datetime) -> List:
    """Orders open beyond their time."""
    return Order.objects.expired_at(now), "expires_at"


LISTS: dict[str, Callable[[datetime], List]] = {
    "mail": mail,
    "inbox": inbox,
    "files": files,
    "refunds": refunds,
    "holds": holds,
    "orders": orders,
}

AGES = {
    "cantine_backup_age_seconds": Nightly.What.BACKUP,
    "cantine_audit_age_seconds": Nightly.What.AUDIT,
}


def oldest(rows: "QuerySet[Any]", since: str, now: datetime) -> Waiting:
    """Count rows and tell how long the first has waited; one query."""
    found = rows.order_by().aggregate(number=Count("pk"), first=Min(since))
    return Waiting(
        found["number"], max(now - found["first"], timedelta()) if found["number"] else timedelta()
    )


def tasks(now: datetime) -> Waiting:
    """Tasks in the broker's queue that no worker has taken; raises what the broker's client does."""
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        with channel.conn_or_acquire() as client:
            number, first = client.llen(QUEUE), client.lindex(QUEUE, -1)
    asked = json.loads(first)["headers"].get(ASKED_AT) if first else None
    age = now.timestamp() - float(asked) if asked else 0.0
    return Waiting(number, timedelta(seconds=max(age, 0.0)))


class Backlog(Collector):
    """What waits at this moment, for Prometheus; asked of database and broker when it is read."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def describe(self) -> list[Metric]:
        """Nothing is promised in advance: registering asks no question."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One pair of gauges a list; the queue's are left out while the broker is away."""
        numbers = GaugeMetricFamily("cantine_waiting", "What is due and not done", labels=["what"])
        ages = GaugeMetricFamily("cantine_waiting_seconds", "How long the oldest is due", labels=["what"])
        for what, found in self.found():
            numbers.add_metric([what], found.number)
            ages.add_metric([what], found.age.total_seconds())
        held = GaugeMetricFamily(
            "cantine_holds", "Places held for a payment", value=Booking.objects.filter(state="held").count()
        )
        failed = GaugeMetricFamily(
            "cantine_mail_failed", "E-mails given up", value=Message.objects.failed().count()
        )
        alive = GaugeMetricFamily("cantine_alive", "Signs of life within 90 seconds", labels=["what"])
        for name in ("worker", "beat"):
            alive.add_metric([name], heartbeats.is_alive(name))
        yield from (numbers, ages, held, failed, alive, *self.nightly())

    def nightly(self) -> Iterator[Metric]:
        """How long ago the last backup and the last audit were, and how the audit ended."""
        for name, what in AGES.items():
            yield GaugeMetricFamily(name, f"Since the last {what.value}", value=nightly.age(what, self.now))
        audit = nightly.last(Nightly.What.AUDIT)
        broken = audit is not None and not audit.well
        yield GaugeMetricFamily("cantine_audit_broken", "The last audit found something", value=broken)

    def found(self) -> Iterator[tuple[str, Waiting]]:
        """Every list by its name."""
        for what, ask in LISTS.items():
            yield what, oldest(*ask(self.now), self.now)
        try:
            yield "tasks", tasks(self.now)
        except (OSError, KombuError, RedisError):
            return
