"""What the database of the application under load says, asked by `manage.py shell` beside it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from bench.people import make_people
from billing.models import Document, DocumentFile, Order, Payment, Refund, StripeEvent
from bookings.models import Booking, Occupancy, Site
from cantine.demo.places import build
from cantine.roles import give_role
from events.models import Category, Event, Registration
from events.services.drafts import Draft, TicketDraft
from events.services.publishing import publish_event
from events.services.writing import write_event
from members.models import Message, User

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
    bookings = [line.booking for line in order.lines.all() if hasattr(line, "booking")]
    return {
        "state": order.state,
        "total": str(order.total),
        "received": str(sum((each.amount for each in received), start=0 * order.total)),
        "back": str(sum(back, start=0 * order.total)),
        "invoices": kinds["invoice"],
        "advances": kinds["advance"],
        "credit_notes": kinds["credit_note"],
        "bookings": [booking.state for booking in bookings],
        "references": [booking.reference for booking in bookings],
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


def paid_event(seats: int) -> str:
    """Publish an event with a paid ticket in a room of Rouen; return its address."""
    site, now = Site.objects.order_by("pk")[0], timezone.now()
    volunteer = User.objects.create_user("soak-volunteer@cantine.example")
    with transaction.atomic():
        give_role(user=volunteer, role="volunteer", by=None)
    starts = now + timedelta(days=40)
    draft = Draft(
        title="Cinquante places",
        description="Une soirée très attendue.",
        category=Category.objects.all()[0],
        site=site,
        space=site.spaces.get(code="verger"),
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        capacity=seats,
        tickets=(TicketDraft("paid", price=Decimal("12.00")),),
    )
    event = write_event(draft=draft, by=volunteer, now=now)
    return publish_event(event=event, by=volunteer, now=now).slug


def seats_of(slug: str) -> dict[str, Any]:
    """Who has seats at an event, who waits, and whether the list was served in order."""
    event = Event.objects.get(slug=slug)
    queue = event.registrations.filter(queued_at__isnull=False).order_by("queued_at", "pk")
    served = [state != "waiting" for state in queue.values_list("state", flat=True)]
    return {
        "taken": event.seats_taken,
        "states": dict(Counter(event.registrations.values_list("state", flat=True))),
        "in_order": served == sorted(served, reverse=True),
    }


def held_of(slug: str) -> list[tuple[int, str]]:
    """What is held for its payment at an event: the person's rank among all, and the order."""
    return _orders_of(slug, offered=False)


def offers_of(slug: str) -> list[tuple[int, str]]:
    """Each offer of an event that waits for its payment: the person's rank among all, and the order."""
    return _orders_of(slug, offered=True)


def _orders_of(slug: str, *, offered: bool) -> list[tuple[int, str]]:
    held = Registration.objects.filter(event__slug=slug, state="held", offered_at__isnull=not offered)
    said = held.order_by("pk").values_list("email", "line__order__public_id")
    return [(int(email.partition("@")[0].removeprefix("charge")), order) for email, order in said]


def run_out(slug: str) -> int:
    """Let the time of what is held and not paid be over; says how many. The worker then ends it."""
    over = timezone.now() - timedelta(seconds=1)
    held = Order.objects.filter(lines__registration__event__slug=slug, state=Order.State.OPEN, payments=None)
    ids = list(held.values_list("pk", flat=True))
    Registration.objects.filter(line__order__in=ids).update(held_until=over)
    return Order.objects.filter(pk__in=ids).update(expires_at=over)
