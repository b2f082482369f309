"""What the database of the application under load says, asked by `manage.py shell` beside it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from bench.people import make_people
from billing.models import Document, DocumentFile, Order, Payment, Refund, StripeEvent
from bookings.models import Booking, Occupancy, Site
from cantine.demo.places import build
from members.models import Message

CARD = Payment.Method.CARD


def fill(people: int) -> list[str]:
    """Make the demonstration's places and people with open sessions; return the session keys."""
    with transaction.atomic():
        build(since=timezone.localdate() - timedelta(days=30))
    Site.objects.update(open_holds=30)
    return make_people(people)


def bookings_of(day: str, kind: str) -> dict[str, Any]:
    """The bookings of one kind of space that start on a day: how many, on which spaces, in how many atoms."""
    found = Booking.objects.filter(during__startswith__date=day, space__kind=kind).active()
    return {
        "count": found.count(),
        "spaces": sorted(found.values_list("space__code", flat=True)),
        "atoms": Occupancy.objects.filter(booking__in=found).count(),
    }


def undone() -> dict[str, int]:
    """What is still to be done by the worker at this moment; all zero once it has caught up."""
    now = timezone.now()
    return {
        "messages": Message.objects.owed().filter(due_at__lte=now).count(),
        "events": StripeEvent.objects.exclude(state=StripeEvent.State.DONE).count(),
        "payments": Payment.objects.unsettled().count(),
        "refunds": Refund.objects.filter(state__in=["requested", "pending"], payment__method=CARD).count(),
        "files": Document.objects.count() - DocumentFile.objects.filter(kind="pdf").count(),
    }


def orders(public_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What became of these orders: state, money received and given back, bookings, invoices."""
    found = Order.objects.filter(public_id__in=public_ids).prefetch_related(
        "payments__refunds", "documents", "lines__booking"
    )
    return {order.public_id: _order(order) for order in found}


def _order(order: Order) -> dict[str, Any]:
    received = [each for each in order.payments.all() if each.succeeded_at]
    back = [
        refund.amount for each in received for refund in each.refunds.all() if refund.state == "succeeded"
    ]
    kinds = Counter(document.kind for document in order.documents.all())
    return {
        "state": order.state,
        "total": str(order.total),
        "received": str(sum((each.amount for each in received), start=0 * order.total)),
        "back": str(sum(back, start=0 * order.total)),
        "invoices": kinds["invoice"],
        "credit_notes": kinds["credit_note"],
        "bookings": [line.booking.state for line in order.lines.all()],
        "references": [line.booking.reference for line in order.lines.all()],
    }


def card_money() -> dict[str, list[int]]:
    """Card money as our books have it: number and cents, received and given back."""
    received = Payment.objects.filter(method=CARD, succeeded_at__isnull=False)
    back = Refund.objects.filter(payment__method=CARD, state=Refund.State.SUCCEEDED)
    return {"received": _number_and_cents(received), "back": _number_and_cents(back)}


def _number_and_cents(rows: QuerySet[Any]) -> list[int]:
    found = rows.aggregate(number=Count("pk"), total=Sum("amount"))
    return [found["number"], int((found["total"] or 0) * 100)]


def sent() -> list[list[str]]:
    """Key and Message-ID of every message that went out."""
    rows = Message.objects.filter(state=Message.SENT).values_list("key", "message_id")
    return [list(row) for row in rows]
