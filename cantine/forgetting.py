"""What the manager's desk forgets with time."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet

from members import retention


def old_history(before: datetime) -> "QuerySet[LogEntry]":
    """The history that still names what was changed: people among it."""
    return LogEntry.objects.filter(action_time__lt=before).exclude(object_repr="", change_message="")


def register() -> None:
    """Declare the rules of this room."""
    retention.register("history", retention.wipes(old_history, object_repr="", change_message=""))
