"""Invariants 6 to 8: outside facts were recorded and acted on, what is owed goes out, guards stand."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import pgtrigger.registry
from django.apps import apps
from django.db import connection

from billing.models import Document, DocumentFile, Order, Payment, Quote, QuoteFile, Refund, StripeEvent
from bookings.models import Booking, RentalOption
from cantine.audit.late import LATE
from cantine.roles import missing_permissions
from members.models import Message


def events_left_unhandled(now: datetime) -> Iterator[str]:
    """Stripe's events were handled."""
    late = StripeEvent.objects.filter(received_at__lte=now - LATE).exclude(state=StripeEvent.State.DONE)
    for event in late:
        yield f"event {event.event_id} ({event.kind}) is {event.state}: {event.error}"


def messages_left_unsent(now: datetime) -> Iterator[str]:
    """E-mails that are due went out."""
    for message in Message.objects.filter(state=Message.OWED, due_at__lte=now - LATE):
        yield f"message {message.key} is due since {message.due_at:%Y-%m-%d %H:%M}: {message.last_error}"


def holds_left_standing(now: datetime) -> Iterator[str]:
    """Holds and orders whose time is up were freed, but for those whose payment is on its way."""
    on_their_way = Payment.objects.filter(state=Payment.State.PROCESSING).values("order")
    paying = RentalOption.objects.filter(rental__quote__advance_order__in=on_their_way)
    late = Booking.objects.overdue(now - LATE).exclude(line__order__in=on_their_way)
    for booking in late.exclude(pk__in=paying.filter(booking__isnull=False).values("booking")):
        yield f"booking {booking} is held since {booking.held_until:%Y-%m-%d %H:%M}"
    for order in Order.objects.expired_at(now - LATE).exclude(pk__in=on_their_way):
        yield f"order {order} is open since {order.expires_at:%Y-%m-%d %H:%M}"


def refunds_left_unsent(now: datetime) -> Iterator[str]:
    """Refunds of cards were asked of Stripe."""
    late = Refund.objects.approved().filter(state=Refund.State.REQUESTED, requested_at__lte=now - LATE)
    for refund in late.filter(payment__method=Payment.Method.CARD).select_related("payment__order"):
        yield f"refund {refund} was asked for at {refund.requested_at:%Y-%m-%d %H:%M}: {refund.error}"


def documents_without_their_file(now: datetime) -> Iterator[str]:
    """Each document has its PDF, byte for byte the one that was made."""
    for document in Document.objects.filter(files=None, issued_at__lte=now - LATE):
        yield f"{document.number} has no file since {document.issued_at:%Y-%m-%d %H:%M}"
    for row in DocumentFile.objects.select_related("document").iterator(chunk_size=500):
        yield from _not_as_made(row.document.number, row)


def quotes_without_their_file(now: datetime) -> Iterator[str]:
    """Each quote that was sent has its PDF, byte for byte the one that was made."""
    for quote in Quote.objects.without_file().filter(sent_at__lte=now - LATE):
        yield f"quote {quote} has no file since {quote.sent_at:%Y-%m-%d %H:%M}"
    for row in QuoteFile.objects.select_related("quote").iterator(chunk_size=500):
        yield from _not_as_made(f"quote {row.quote}", row)


def _not_as_made(what: str, row: DocumentFile | QuoteFile) -> Iterator[str]:
    try:
        with row.file.open("rb") as stored:
            content = stored.read()
    except OSError:
        yield f"{what}: its file {row.file.name} is gone"
        return
    if sha256(content).hexdigest() != row.sha256:
        yield f"{what}: its file {row.file.name} is not the one that was made"


def guards_that_are_missing(_now: datetime) -> Iterator[str]:
    """Every trigger that refuses a change is installed and enabled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        installed = {row[0] for row in cursor.fetchall()}
    for model, trigger in pgtrigger.registry.registered():
        if trigger.get_pgid(model) not in installed:
            yield f"{model._meta.label}: the trigger {trigger.name} is not there"


def constraints_that_are_missing(_now: datetime) -> Iterator[str]:
    """The judge of conflicts is in place, and with it every other constraint of the models."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE convalidated")
        standing = set(cursor.fetchall())
        # A conditional unique constraint is an index.
        cursor.execute(
            "SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index WHERE indisvalid"
        )
        standing |= set(cursor.fetchall())
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if (model._meta.db_table, constraint.name) not in standing:
                yield f"{model._meta.label}: the constraint {constraint.name} is not there"


def roles_out_of_step(_now: datetime) -> Iterator[str]:
    """Every permission that a role names exists."""
    for name in missing_permissions():
        yield f"the permission {name} does not exist"
