"""What this room forgets with time; registrants have a look of their own (services/erasing.py)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from events.models import VisitorSalt
from members import retention


def old_salts(before: datetime) -> "QuerySet[VisitorSalt]":
    """Salts of years that were over at that time: from then on pseudonyms are anonymous."""
    return VisitorSalt.objects.filter(year__lt=timezone.localdate(before).year)


def register() -> None:
    """Declare the rule of this room."""
    retention.register("visitor_salts", retention.deletes(old_salts))
