"""What the worker does for this room."""

import logging

from celery import shared_task
from django.utils import timezone

from bookings.services.expiring import expire_options

log = logging.getLogger(__name__)


@shared_task(name="bookings.tasks.expire_options")
def expire_due_options() -> None:
    """End the options nobody confirmed in time."""
    while ended := expire_options(now=timezone.now()):
        log.info("Options ended: %s", ended)
