"""What this room forgets with time."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from billing.models import Customer, StripeEvent
from members import retention


def handled_events(before: datetime) -> "QuerySet[StripeEvent]":
    """Events of Stripe's whose words have been acted on; that they came is kept."""
    return StripeEvent.objects.filter(done_at__lt=before).exclude(payload={})


def unused_contacts(before: datetime) -> "QuerySet[Customer]":
    """Contacts that nothing points at: whoever left an address and never ordered, came or was quoted."""
    rows = Customer.objects.filter(kind=Customer.Kind.CONTACT, created_at__lt=before)
    for each in Customer._meta.get_fields(include_hidden=True):
        if isinstance(each, ForeignObjectRel):
            pointing = each.related_model._base_manager.filter(**{each.field.name: OuterRef("pk")})
            rows = rows.exclude(Exists(pointing))
    return rows


def register() -> None:
    """Declare the rules of this room."""
    retention.register("stripe_payloads", retention.wipes(handled_events, payload={}))
    retention.register("contacts", retention.deletes(unused_contacts))
