"""What this room forgets with time."""

from datetime import datetime

from django.db.models import QuerySet

from bookings.models import ContactMessage
from members import retention


def old_messages(before: datetime) -> "QuerySet[ContactMessage]":
    """What was written to the house long ago, answered or not."""
    return ContactMessage.objects.filter(sent_at__lt=before)


def register() -> None:
    """Declare the rule of this room."""
    retention.register("contact_messages", retention.deletes(old_messages))
